// SPDX-License-Identifier: Apache-2.0
__asm__(".section .rodata\n.globl s\n.globl e\ns: .incbin \"@PUBLIC@\"\ne: .byte 0\n");
extern const char s[], e[]; int printf(const char*,...);
int main(void){ printf("%.*s",(int)(e-s),s); return 0; }
