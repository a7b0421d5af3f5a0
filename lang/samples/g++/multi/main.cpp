#include <iostream>

#include "answer.h"

int main() {
  std::cout << answer() << "\n";
}
