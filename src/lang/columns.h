// SPDX-License-Identifier: Apache-2.0
// Text in columns of a terminal: UTF-8, each character one column wide.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ejf::lang {

std::size_t count_characters(std::string_view text);

/// The first `n` characters, never a part of one.
std::string_view first_characters(std::string_view text, std::size_t n);

/// Without the last character.
std::string_view without_last_character(std::string_view text);

/// Exactly so many columns: padded, or cut with "..." at its end.
std::string fit(std::string_view text, std::size_t width);

/// Lines of cells, each column as wide as its widest, made of what is printable. All lines have as many cells.
std::string format_table(const std::vector<std::vector<std::string>>& lines);

/// Without what would steer a terminal.
std::string printable(std::string_view text);

}  // namespace ejf::lang
