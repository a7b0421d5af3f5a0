pull a b
say a + b
