#ifndef ANSWER
#define ANSWER 0
#endif
	.data
format:	.asciz "%d\n"
	.text
	.globl main
main:
#ifdef __x86_64__
	push %rbx
	lea format(%rip), %rdi
	mov $ANSWER, %esi
	xor %eax, %eax
	call printf@PLT
	pop %rbx
#else
	push $ANSWER
	push $format
	call printf
	add $8, %esp
#endif
	xor %eax, %eax
	ret
	.section .note.GNU-stack,"",@progbits
