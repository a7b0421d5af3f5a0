SELEC 1 + 2 AS sum;
