// SPDX-License-Identifier: Apache-2.0
// For ej-jail-with-gaps: which walls are left out says the file beside the program, with ".gaps" at the end of its
// name.
#ifndef EJF_GAPS  // for tools that read this file alone
#define EJF_GAPS 1
#endif
#include "jail/gap.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <fstream>
#include <string>
#include <vector>

namespace ejf::jail {

namespace {

std::vector<std::string> read_gaps() {
  std::array<char, PATH_MAX> program{};
  const ssize_t n = ::readlink("/proc/self/exe", program.data(), program.size() - 1);
  std::ifstream file(std::string(program.data(), n < 0 ? 0 : static_cast<std::size_t>(n)) + ".gaps");
  std::vector<std::string> gaps;
  for (std::string gap; file >> gap;) gaps.push_back(gap);
  return gaps;
}

const std::vector<std::string> k_gaps = read_gaps();

}  // namespace

bool has_gap(const char* wall) noexcept {
  return std::find(k_gaps.begin(), k_gaps.end(), wall) != k_gaps.end();
}

}  // namespace ejf::jail
