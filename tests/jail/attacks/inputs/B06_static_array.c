// SPDX-License-Identifier: Apache-2.0
char a[1<<30]={1};
int main(void){return a[1];}
