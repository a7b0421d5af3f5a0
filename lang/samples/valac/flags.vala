void main() {
#if ANSWER
  print("42\n");
#else
  print("0\n");
#endif
}
