(define (main arguments)
  (display 42)
  (newline))
