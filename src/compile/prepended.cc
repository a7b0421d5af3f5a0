// SPDX-License-Identifier: Apache-2.0
#include "compile/prepended.h"

#include <unistd.h>

#include <string>

#include "base/error.h"

namespace ejf::compile {

std::int32_t prepended_size(std::string_view source, int executable, std::uint64_t executable_size) {
  constexpr std::uint64_t k_max_file = 1U << 20;
  constexpr std::uint64_t k_max_difference = 1024;
  if (source.empty() || source.size() > k_max_file || executable_size > k_max_file) return 0;
  if (executable_size <= source.size() || executable_size - source.size() > k_max_difference) return 0;
  std::string text(executable_size, '\0');
  // pread: the descriptor's position belongs to the delivery.
  if (::pread(executable, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
    throw SysError("read", "the executable");
  }
  if (!text.ends_with(source)) return 0;
  return static_cast<std::int32_t>(executable_size - source.size());
}

}  // namespace ejf::compile
