with Ada.Text_IO;

procedure Flags is
begin
   pragma Debug (Ada.Text_IO.Put_Line ("42"));
   null;
end Flags;
