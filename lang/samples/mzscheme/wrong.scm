(display (+ (read) (read))
(newline)
