import std.stdio;

void main() {
  version (Answer) writeln(42);
  else writeln(0);
}
