%ifndef ANSWER
%define ANSWER 0
%endif
extern printf
global main
section .data
format: db '%d', 10, 0
section .text
main:
	push dword ANSWER
	push format
	call printf
	add esp, 8
	xor eax, eax
	ret
section .note.GNU-stack noalloc noexec nowrite progbits
