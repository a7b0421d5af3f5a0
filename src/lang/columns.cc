// SPDX-License-Identifier: Apache-2.0
#include "lang/columns.h"

#include <algorithm>

namespace ejf::lang {

namespace {

constexpr std::string_view k_cut = "...";

bool is_inside_character(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

}  // namespace

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_inside_character(c); }));
}

std::string_view first_characters(std::string_view text, std::size_t n) {
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    if (!is_inside_character(text[i]) && n-- == 0) break;
  }
  return text.substr(0, i);
}

std::string_view without_last_character(std::string_view text) {
  while (!text.empty() && is_inside_character(text.back())) text.remove_suffix(1);
  if (!text.empty()) text.remove_suffix(1);
  return text;
}

std::string fit(std::string_view text, std::size_t width) {
  std::size_t length = count_characters(text);
  if (length <= width) return std::string{text} + std::string(width - length, ' ');
  if (width <= k_cut.size()) return std::string{first_characters(text, width)};
  return std::string{first_characters(text, width - k_cut.size())}.append(k_cut);
}

std::string format_table(const std::vector<std::vector<std::string>>& lines) {
  std::vector<std::size_t> widths;
  for (const auto& line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], count_characters(line[i]));
  }
  std::string table;
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) text += (i == 0 ? "" : "   ") + fit(line[i], widths[i]);
    table += printable(text.substr(0, text.find_last_not_of(' ') + 1)) + "\n";
  }
  return table;
}

std::string printable(std::string_view text) {
  std::string out{text};
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }, '?');
  return out;
}

}  // namespace ejf::lang
