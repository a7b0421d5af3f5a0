#include <iostream>

int main() {
  int a, b;
  std::cin >> a >> b;
  cuot << a + b << "\n";
}
