// SPDX-License-Identifier: Apache-2.0
// Runs a fuzzer over each file of a directory, without libFuzzer. Exit code 0: all went through.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>

#include "base/files.h"
#include "fuzz.h"

namespace {

constexpr std::size_t k_input_limit = 1 << 20;

std::size_t replay(const char* directory) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::string input = ejf::read_file(entry.path(), k_input_limit);
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
    ++count;
  }
  return count;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) {
    fmt::print(stderr, "usage: {} CORPUS-DIRECTORY\n", argv[0]);
    return 2;
  }
  const std::size_t count = replay(argv[1]);
  fmt::print("{}: {} inputs\n", argv[1], count);
  return count > 0 ? 0 : 1;
} catch (const std::exception& error) {
  fmt::print(stderr, "{}: {}\n", argv[0], error.what());
  return 1;
}
