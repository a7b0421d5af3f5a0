// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace ejf {

enum class Base64Error {
  bad_character,  ///< not of the alphabet and no white space, or something behind the padding
  cut,            ///< not a whole number of groups of four
};

/// Strict base64 (RFC 4648 with padding), but for white space, which may be anywhere.
Result<std::string, Base64Error> decode_base64(std::string_view text);

}  // namespace ejf
