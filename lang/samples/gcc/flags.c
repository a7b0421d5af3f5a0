#include <stdio.h>

#ifndef ANSWER
#define ANSWER 0
#endif

int main(void) {
  printf("%d\n", ANSWER);
  return 0;
}
