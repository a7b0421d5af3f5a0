// SPDX-License-Identifier: Apache-2.0
__asm__(".data\n.fill 2000000000,1,0x41\n");
int main(void){return 0;}
