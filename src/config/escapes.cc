// SPDX-License-Identifier: Apache-2.0
#include "config/escapes.h"

namespace ejf::config {

namespace {

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_octal(char c) noexcept {
  return c >= '0' && c <= '7';
}

/// Up to three digits when the first is 0..3, else up to two, so that the value is a byte.
char take_octal(std::string_view text, std::size_t& pos) noexcept {
  const int most = text[pos] <= '3' ? 3 : 2;
  int value = 0;
  for (int i = 0; i < most && pos < text.size() && is_octal(text[pos]); ++i) value = value * 8 + (text[pos++] - '0');
  return static_cast<char>(value);
}

char take_hex(std::string_view text, std::size_t& pos) noexcept {
  int value = 0;
  for (int i = 0; i < 2 && pos < text.size() && hex_digit(text[pos]) >= 0; ++i) {
    value = value * 16 + hex_digit(text[pos++]);
  }
  return static_cast<char>(value);
}

}  // namespace

char take_escape(std::string_view text, std::size_t& pos) noexcept {
  constexpr std::string_view k_letters = "abfnrtv";
  constexpr std::string_view k_meanings = "\a\b\f\n\r\t\v";
  if (pos >= text.size()) return '\\';
  if (is_octal(text[pos])) return take_octal(text, pos);
  const char c = text[pos++];
  if (c == 'x' && pos < text.size() && hex_digit(text[pos]) >= 0) return take_hex(text, pos);
  const auto index = k_letters.find(c);
  return index == std::string_view::npos ? c : k_meanings[index];
}

}  // namespace ejf::config
