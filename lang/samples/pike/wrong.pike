int main() {
  array(string) words = Stdio.stdin.gets() / " ";
  write("%d\n", (int) words[0] + (int) words[1]);
  return 0
}
