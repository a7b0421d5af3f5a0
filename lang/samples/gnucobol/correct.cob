identification division.
program-id. summing.
data division.
working-storage section.
01 input-line pic x(40).
01 a pic s9(9).
01 b pic s9(9).
01 c pic -(9)9.
procedure division.
    accept input-line
    unstring input-line delimited by space into a b
    compute c = a + b
    display function trim(c)
    stop run.
