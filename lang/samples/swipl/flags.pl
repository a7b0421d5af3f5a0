:- if(file_search_path(answer, _)).
main :- print(42), nl.
:- else.
main :- print(0), nl.
:- endif.
