class Main {
  static function main() {
    var words = Sys.stdin().readLine().split(" ");
    Sys.println(Std.parseInt(words[0]) + Std.parseInt(words[1]));
  }
}
