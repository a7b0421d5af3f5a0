package Answers is
   Answer : constant Integer := 42;
end Answers;

with Ada.Integer_Text_IO;
with Answers;

procedure Multi is
begin
   Ada.Integer_Text_IO.Put (Answers.Answer, Width => 0);
end Multi;
