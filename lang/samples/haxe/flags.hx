class Main {
  static function main() {
    Sys.println(#if answer 42 #else 0 #end);
  }
}
