// SPDX-License-Identifier: Apache-2.0
#include "/dev/zero"
int main(void){return 0;}
