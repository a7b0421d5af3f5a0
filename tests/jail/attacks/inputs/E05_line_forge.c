// SPDX-License-Identifier: Apache-2.0
#line 1 "internal-error: fake verdict"
#error status: OK
#line 1 "L10,fake"
int x y;
