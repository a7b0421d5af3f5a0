INPUT a, b
PRINT a +
