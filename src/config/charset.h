// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace ejf::config {

struct CharsetError {
  std::string message;
};

/// "UTF-8", "utf8" and "us-ascii", in any case: nothing to convert.
bool is_utf8_charset(std::string_view name);

/// Converts by iconv(3). An unknown charset and a byte that has no meaning in `from` (or none in `to`) are errors.
Result<std::string, CharsetError> convert_charset(std::string_view text, std::string_view from, std::string_view to);

}  // namespace ejf::config
