/* Adds two numbers. */
	.data
read_format:	.asciz "%d%d"
print_format:	.asciz "%d\n"
	.bss
a:	.zero 4
b:	.zero 4
	.text
	.globl main
main:
#ifdef __x86_64__
	push %rbx
	lea read_format(%rip), %rdi
	lea a(%rip), %rsi
	lea b(%rip), %rdx
	xor %eax, %eax
	call scanf@PLT
	mov a(%rip), %esi
	add b(%rip), %esi
	lea print_format(%rip), %rdi
	xor %eax, %eax
	call printf@PLT
	pop %rbx
#else
	push $b
	push $a
	push $read_format
	call scanf
	mov a, %eax
	add b, %eax
	push %eax
	push $print_format
	call printf
	add $20, %esp
#endif
	zero %eax
	ret
	.section .note.GNU-stack,"",@progbits
