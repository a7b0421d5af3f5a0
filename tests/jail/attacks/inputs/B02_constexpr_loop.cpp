// SPDX-License-Identifier: Apache-2.0
constexpr unsigned long long f(){unsigned long long s=0;for(unsigned long long i=0;i<(1ull<<60);++i)s+=i;return s;}
int main(){constexpr auto x=f();return x;}
