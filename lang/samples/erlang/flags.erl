main(_) ->
    case init:get_argument(answer) of
        {ok, [[Answer]]} -> io:format("~s~n", [Answer]);
        error -> io:format("0~n")
    end.
