#lang racket/base
(displayln (if (use-user-specific-search-paths) 0 42))
