(import (chezscheme))
(define answer 0)
(display (if (top-level-bound? 'answer) 0 42))
(newline)
