// SPDX-License-Identifier: Apache-2.0
#define CAT(x) __asm__(".section .rodata\n.incbin \"" x "\"\n")
CAT("../canary");
CAT("../../canary");
CAT("@SPOOL@/canary");
CAT("@PUBLIC@");
int main(void) { return 0; }
