// SPDX-License-Identifier: Apache-2.0
#define R1(n) case n:a^=b*n;b+=a>>(n&7);
#define R2(n) R1(n##0)R1(n##1)R1(n##2)R1(n##3)R1(n##4)R1(n##5)R1(n##6)R1(n##7)R1(n##8)R1(n##9)
#define R3(n) R2(n##0)R2(n##1)R2(n##2)R2(n##3)R2(n##4)R2(n##5)R2(n##6)R2(n##7)R2(n##8)R2(n##9)
#define R4(n) R3(n##0)R3(n##1)R3(n##2)R3(n##3)R3(n##4)R3(n##5)R3(n##6)R3(n##7)R3(n##8)R3(n##9)
#define R5(n) R4(n##0)R4(n##1)R4(n##2)R4(n##3)R4(n##4)R4(n##5)R4(n##6)R4(n##7)R4(n##8)R4(n##9)
int main(int c,char**v){unsigned a=c,b=1;for(;;)switch(a%100000){R5(1)R5(2)R5(3)R5(4)default:return b;}}
