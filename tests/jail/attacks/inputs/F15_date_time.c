// SPDX-License-Identifier: Apache-2.0
const char*s=__DATE__ " " __TIME__ " " __TIMESTAMP__ __FILE__;
int main(void){return s[0];}
