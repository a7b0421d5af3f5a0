create table numbers (a int, b int);
.separator " "
.import /dev/stdin numbers
select a + b from numbers;
