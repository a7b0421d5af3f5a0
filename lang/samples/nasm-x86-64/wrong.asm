default rel
global main
extern printf, scanf

section .rodata
input: db "%d %d", 0
output: db "%d", 10, 0

section .bss
a: resd 1
b: resd 1

section .text
main:
    sub rsp, 8
    lea rdi, [input]
    lea rsi, [a]
    lea rdx, [b]
    xor eax, eax
    call scanf
    mov esi, [a]
    add esi, [c]
    lea rdi, [output]
    xor eax, eax
    call printf
    xor eax, eax
    add rsp, 8
    ret
