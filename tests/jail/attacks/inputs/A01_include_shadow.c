// SPDX-License-Identifier: Apache-2.0
#include "/etc/shadow"
#include "@SECRET@"
#include "@PUBLIC@"
int main(void) { return 0; }
