create table numbers (a int, b int);
.separator " "
.import /dev/stdin numbers
selekt a + b from numbers;
