// SPDX-License-Identifier: Apache-2.0
#include "/proc/self/environ"
#include "/proc/1/environ"
int main(void) { return 0; }
