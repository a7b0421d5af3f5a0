// SPDX-License-Identifier: Apache-2.0
#include "packet/utf8.h"

#include <cstddef>
#include <cstdint>

namespace ejf::packet {

namespace {

/// Length of the sequence that `lead` begins; 0 if it begins none.
std::size_t sequence_length(unsigned char lead) noexcept {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

/// The code point at the start of `text`, and its length; length 0 if it is malformed.
struct CodePoint {
  std::uint32_t value = 0;
  std::size_t length = 0;
};

CodePoint first_code_point(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = sequence_length(lead);
  if (length == 0 || length > text.size()) return {};
  if (length == 1) return {lead, 1};
  std::uint32_t value = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0U) != 0x80) return {};
    value = value << 6 | (byte & 0x3fU);
  }
  constexpr std::uint32_t k_smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < k_smallest[length] || value > 0x10ffff || is_surrogate) return {};
  return {value, length};
}

template <typename Predicate>
bool all_code_points(std::string_view text, Predicate is_good) noexcept {
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    if (point.length == 0 || !is_good(point.value)) return false;
    text.remove_prefix(point.length);
  }
  return true;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  return all_code_points(text, [](std::uint32_t) { return true; });
}

bool is_printable_utf8(std::string_view text) noexcept {
  return all_code_points(text, [](std::uint32_t point) { return point < 0x80 || point > 0x9f; });
}

}  // namespace ejf::packet
