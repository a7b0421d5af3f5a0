INPUT a, b
PRINT a + b
