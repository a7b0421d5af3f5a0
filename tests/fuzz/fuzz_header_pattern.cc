// SPDX-License-Identifier: Apache-2.0
// Any pattern for the names of headers: what is taken gives what printf would, and no name above its directory.
#include <array>
#include <cstdio>

#include "base/error.h"
#include "compile/header_pattern.h"
#include "fuzz.h"

#pragma GCC diagnostic ignored "-Wformat-nonliteral"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto pattern = ejf::compile::HeaderPattern::parse(text);
  if (!pattern) {
    EJF_CHECK(pattern.error().find('\n') == std::string::npos);
    return 0;
  }
  EJF_CHECK(text.find('\0') == std::string::npos && pattern->empty() == text.empty());
  for (const int serial : {1, 7, 999, 1000000, -3, 0}) {
    const std::string name = pattern->expand(serial);
    EJF_CHECK(!name.starts_with('/') && ("/" + name + "/").find("/../") == std::string::npos);
    std::array<char, 4096> printed{};
    const int length = std::snprintf(printed.data(), printed.size(), text.c_str(), serial);
    EJF_CHECK(length < 0 || name == printed.data() || static_cast<std::size_t>(length) >= printed.size());
  }
  return 0;
}
