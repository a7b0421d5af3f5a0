// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

#include <cstdint>

namespace ejf {

namespace {

constexpr std::string_view k_white_space = " \t\r\n\v\f";
constexpr int k_bits = 6;
constexpr unsigned k_group = 4;

/// The six bits of a character, or -1.
int value_of(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

}  // namespace

Result<std::string, Base64Error> decode_base64(std::string_view text) {
  std::string out;
  out.reserve(text.size() / k_group * 3 + 3);
  std::uint32_t group = 0;
  unsigned digits = 0;   // of the group
  unsigned padding = 0;  // of the last group
  for (const char c : text) {
    if (k_white_space.find(c) != std::string_view::npos) continue;
    const int value = c == '=' ? 0 : value_of(c);
    if (value < 0) return fail(Base64Error::bad_character);
    if (c == '=') {
      if (++padding > 2 || digits + 1 < k_group - 1) return fail(Base64Error::bad_character);
    } else if (padding != 0) {
      return fail(Base64Error::bad_character);
    }
    group = group << k_bits | static_cast<std::uint32_t>(value);
    if (++digits < k_group) continue;
    for (unsigned i = 0; i < 3 - padding; ++i) out += static_cast<char>(group >> (16 - 8 * i) & 0xff);
    group = 0;
    digits = 0;
  }
  if (digits != 0) return fail(Base64Error::cut);
  return out;
}

}  // namespace ejf
