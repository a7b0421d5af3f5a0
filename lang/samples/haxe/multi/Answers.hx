class Answers {
  public static function answer() {
    return 42;
  }
}
