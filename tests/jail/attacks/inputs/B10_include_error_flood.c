// SPDX-License-Identifier: Apache-2.0
#if __INCLUDE_LEVEL__ < 100
int f(int){x y z;}
#include __FILE__
#include __FILE__
#endif
