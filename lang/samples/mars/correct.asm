# Adds two numbers.
	.text
main:
	li $v0, 5
	syscall
	move $t0, $v0
	li $v0, 5
	syscall
	add $a0, $t0, $v0
	li $v0, 1
	syscall
	li $v0, 10
	syscall
