begin
{$ifdef ANSWER}
  writeln(42)
{$else}
  writeln(0)
{$endif}
end.
