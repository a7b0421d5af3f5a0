; Adds two numbers.
extern scanf
extern printf
global main
section .data
read_format: db '%d%d', 0
print_format: db '%d', 10, 0
section .bss
a: resd 1
b: resd 1
section .text
main:
	push b
	push a
	push read_format
	call scanf
	mov eax, [a]
	add eax, [b]
	push eax
	push print_format
	call printf
	add esp, 20
	xor eax, eax
	ret
section .note.GNU-stack noalloc noexec nowrite progbits
