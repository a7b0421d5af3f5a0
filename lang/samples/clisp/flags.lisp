(format t "~d~%" (if custom:*parse-namestring-ansi* 42 0))
