# SPDX-License-Identifier: Apache-2.0
.section .note.GNU-stack
.text
.globl main
main: xor %eax,%eax
ret
.section .rodata
.incbin "@PUBLIC@"
.section .gnu.warning.printf
.ascii "a warning of the linker with a chosen text"
