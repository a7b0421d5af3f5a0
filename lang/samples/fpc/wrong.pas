var a, b: longint;
begin
  read(a, b);
  writeln(a + c)
end.
