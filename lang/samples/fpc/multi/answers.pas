unit answers;

interface

function answer: longint;

implementation

function answer: longint;
begin
  answer := 42
end;

end.
