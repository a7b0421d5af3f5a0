:- if(current_prolog_flag(answer, 42)).
main :- print(42), nl.
:- else.
main :- print(0), nl.
:- endif.
