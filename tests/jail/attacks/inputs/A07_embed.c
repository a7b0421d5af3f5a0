// SPDX-License-Identifier: Apache-2.0
static const unsigned char a[] = {
#embed "@PUBLIC@"
};
int main(void) { return a[0]; }
