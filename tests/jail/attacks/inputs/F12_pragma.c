// SPDX-License-Identifier: Apache-2.0
#pragma GCC optimize("O3,fplugin=./evil.so,unroll-all-loops")
#pragma GCC target("avx512f")
#pragma GCC dependency "@PUBLIC@"
int main(void) { return 0; }
