class Main {
  static function main() {
    Sys.println(Answers.answer());
  }
}
