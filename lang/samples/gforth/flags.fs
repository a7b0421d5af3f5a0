unused 50000000 > 42 and . cr
