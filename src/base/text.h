// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ejf {

std::string_view trim(std::string_view text);
/// Pieces between separators; "" gives one empty piece.
std::vector<std::string_view> split(std::string_view text, char separator);
bool is_blank(char c) noexcept;  ///< space or tab

/// A whole decimal number, with sign, nothing before or behind it.
std::optional<std::int64_t> parse_decimal(std::string_view text);
/// ejudge's sizes: a decimal number with an optional K, M, G or T (powers of 1024) and blanks before the suffix.
std::optional<std::int64_t> parse_size(std::string_view text);
/// The largest exact suffix: 1G, 64M, 16K, 1000.
std::string format_size(std::int64_t size);
/// For people: "83 B", "15.6 KiB", "1.2 MiB".
std::string human_size(std::uint64_t bytes);

/// A name that is safe as one component of a path: 1..255 bytes, no '/', no control characters, no leading dot.
bool is_plain_name(std::string_view name) noexcept;
/// The same for something that is put behind a name (".cpp", ""): a leading dot is fine, ".." at its start is not.
bool is_plain_suffix(std::string_view suffix) noexcept;

/// C escapes of ejudge's configuration writer: \" \\ \' \a \b \t \n \v \f \r, others below 0x20 and 0x7f as \xNN.
std::string escape_c(std::string_view text);

/// Levenshtein's: how many letters must change, come or go.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate that `word` was probably meant to be, for "did you mean"; empty if none is near.
std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates);

/// `path` if absolute, else below `base`.
std::string absolute_below(std::string_view base, std::string_view path);

}  // namespace ejf
