(cond-expand
  (answer (display 42))
  (else (display 0)))
(newline)
