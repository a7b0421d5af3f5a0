uses answers;
begin
  writeln(answer)
end.
