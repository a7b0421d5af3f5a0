// SPDX-License-Identifier: Apache-2.0
#include "/dev/stdin"
#include "/dev/tty"
int main(void){return 0;}
