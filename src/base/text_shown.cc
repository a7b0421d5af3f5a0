// SPDX-License-Identifier: Apache-2.0
// The part of text.h that needs libfmt: ej-jail, which links statically, does without it.
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/text.h"

namespace ejf {

std::string human_size(std::uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / 1024;
  for (const char* unit : {"KiB", "MiB"}) {
    if (value < 1024) return fmt::format("{:.1f} {}", value, unit);
    value /= 1024;
  }
  return fmt::format("{:.1f} GiB", value);
}

std::string escape_c(std::string_view text) {
  std::string out;
  for (char c : text) {
    constexpr std::string_view k_plain = "\"\\'\a\b\t\n\v\f\r";
    constexpr std::string_view k_letters = "\"\\'abtnvfr";
    auto byte = static_cast<unsigned char>(c);
    if (auto index = k_plain.find(c); index != std::string_view::npos) {
      out.append(1, '\\').append(1, k_letters[index]);
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string absolute_below(std::string_view base, std::string_view path) {
  if (path.starts_with('/') || base.empty()) return std::string{path};
  return fmt::format("{}/{}", base, path);
}

}  // namespace ejf
