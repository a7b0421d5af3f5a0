%ifndef ANSWER
%define ANSWER 0
%endif
default rel
global main
extern printf

section .rodata
format: db "%d", 10, 0

section .text
main:
    sub rsp, 8
    lea rdi, [format]
    mov esi, ANSWER
    xor eax, eax
    call printf
    xor eax, eax
    add rsp, 8
    ret
