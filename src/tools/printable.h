// SPDX-License-Identifier: Apache-2.0
// Text of strangers, made fit for a terminal or for JSON.
#pragma once

#include <string>

namespace ejf::tools {

/// Bytes that would steer a terminal are made visible; line breaks and tabs stay.
std::string harmless(const std::string& text);

/// Boost.JSON wants UTF-8; a compiler may print anything. What is none becomes U+FFFD.
std::string as_utf8(const std::string& text);

}  // namespace ejf::tools
