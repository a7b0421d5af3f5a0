# Adds two numbers.
	.text
main:
	li a7, 5
	ecall
	mv t0, a0
	li a7, 5
	ecall
	sum a0, t0, a0
	li a7, 1
	ecall
	li a7, 10
	ecall
