class Main {
  static function main() {
    var words = Sys.stdin().readLine().split(" ");
    Sys.printline(Std.parseInt(words[0]) + Std.parseInt(words[1]));
  }
}
