// SPDX-License-Identifier: Apache-2.0
#include "/proc/kallsyms"
#include "/proc/cmdline"
#include "/sys/class/net/eth0/address"
#include "/proc/mounts"
int main(void){return 0;}
