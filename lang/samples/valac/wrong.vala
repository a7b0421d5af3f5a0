void main() {
  int a, b;
  stdin.scanf("%d %d", out a, out b);
  print("%d\n", a + c);
}
