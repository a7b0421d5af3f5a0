// SPDX-License-Identifier: Apache-2.0
#include "tools/lang_check.h"

#include <algorithm>

namespace ejf::tools {

bool LangTrial::has(CheckState state) const {
  return std::any_of(checks.begin(), checks.end(), [&](const CheckResult& each) { return each.state == state; });
}

bool is_same_answer(std::string_view printed, std::string_view wanted) {
  constexpr std::string_view k_space = " \t\r\n\f\v";
  while (true) {
    printed.remove_prefix(std::min(printed.find_first_not_of(k_space), printed.size()));
    wanted.remove_prefix(std::min(wanted.find_first_not_of(k_space), wanted.size()));
    if (printed.empty() || wanted.empty()) return printed.empty() && wanted.empty();
    const std::size_t length = std::min(wanted.find_first_of(k_space), wanted.size());
    if (printed.substr(0, std::min(printed.find_first_of(k_space), printed.size())) != wanted.substr(0, length)) {
      return false;
    }
    printed.remove_prefix(length);
    wanted.remove_prefix(length);
  }
}

}  // namespace ejf::tools
