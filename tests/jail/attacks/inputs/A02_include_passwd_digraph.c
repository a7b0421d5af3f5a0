// SPDX-License-Identifier: Apache-2.0
%:inc\
lude </etc/shadow>
#/**/include/**/<@PUBLIC@>
%:include </etc/passwd>
int main(void) { return 0; }
