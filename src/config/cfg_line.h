// SPDX-License-Identifier: Apache-2.0
// One line of ejudge's configuration files (compile.cfg), without its end. Shared by the reader, which wants meaning,
// and by CfgDocument, which edits lines in place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ejf::config {

struct CfgSyntaxError {
  std::string message;
};

struct CfgLine {
  enum class Kind { blank, comment, section, parameter, directive };
  Kind kind = Kind::blank;
  std::string name;   ///< of the section, parameter or directive ("include" of "@include x")
  std::string value;  ///< of a parameter, unquoted, "1" when it has none; what follows a directive
  bool bare = false;  ///< a parameter without '='
  /// Where the value (of a bare parameter: the empty place behind its name) stands in the line.
  std::size_t value_begin = 0;
  std::size_t value_end = 0;
};

constexpr std::size_t k_max_cfg_name = 31;
constexpr std::size_t k_max_cfg_value = 1023;  ///< bytes after unquoting

Result<CfgLine, CfgSyntaxError> parse_cfg_line(std::string_view line);

/// The value in double quotes, such that the reader gives it back.
std::string quote_cfg_value(std::string_view value);

/// CHARSET of a comment `# -*- coding: CHARSET -*-`, which counts on the first line only; empty if it is none.
std::string_view cfg_coding(std::string_view first_line);

/// Lines with their ends; joined again they are the text.
std::vector<std::string_view> split_cfg_lines(std::string_view text);
/// The line without "\n" or "\r\n".
std::string_view without_line_end(std::string_view line);

}  // namespace ejf::config
