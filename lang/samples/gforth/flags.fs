unused 1000000 > 42 and . cr
