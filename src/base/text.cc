// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <numeric>

namespace ejf {

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view k_space = " \t\r\n\v\f";
  auto first = text.find_first_not_of(k_space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(k_space) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (;;) {
    auto end = text.find(separator);
    pieces.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::int64_t> parse_decimal(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return {};
  return value;
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  text = trim(text);
  int shift = 0;
  if (!text.empty()) {
    constexpr std::string_view k_suffixes = "KMGT";
    char last = text.back() >= 'a' ? static_cast<char>(text.back() - 'a' + 'A') : text.back();
    if (auto index = k_suffixes.find(last); index != std::string_view::npos) {
      shift = static_cast<int>(index + 1) * 10;
      text.remove_suffix(1);
    }
  }
  auto number = parse_decimal(trim(text));
  if (!number) return {};
  const std::int64_t factor = std::int64_t{1} << shift;
  constexpr auto k_max = std::numeric_limits<std::int64_t>::max();
  if (*number > k_max / factor || *number < -(k_max / factor)) return {};
  return *number * factor;
}

std::string format_size(std::int64_t size) {
  constexpr std::string_view k_suffixes = "GMK";
  for (int i = 0; i < 3; ++i) {
    const std::int64_t unit = std::int64_t{1} << (30 - i * 10);
    if (size > 0 && size % unit == 0) return std::to_string(size / unit) + k_suffixes[static_cast<std::size_t>(i)];
  }
  return std::to_string(size);
}

namespace {

bool has_only_plain_bytes(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f || c == '/';
  });
}

}  // namespace

bool is_plain_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= 255 && name[0] != '.' && has_only_plain_bytes(name);
}

bool is_plain_suffix(std::string_view suffix) noexcept {
  return suffix.size() <= 127 && !suffix.starts_with("..") && has_only_plain_bytes(suffix);
}

// One row of the matrix is enough.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      std::size_t above = row[j + 1];
      row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates) {
  std::optional<std::string_view> best;
  // A third of the letters may be wrong; more would suggest nonsense.
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (std::string_view candidate : candidates) {
    std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace ejf
