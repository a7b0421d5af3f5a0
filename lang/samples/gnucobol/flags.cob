identification division.
program-id. flags.
procedure division.
>>if answer defined
    display 42
>>else
    display 0
>>end-if
    stop run.
