#ifndef ANSWER
#define ANSWER 0
#endif

int main() {
  write("%d\n", ANSWER);
  return 0;
}
