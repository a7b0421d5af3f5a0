#lang racket/base
(displayln (if (current-compile-target-machine) 0 42))
