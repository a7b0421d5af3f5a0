// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "config/diagnostics.h"

namespace ejf::config {

/// The longest line that inih takes as Debian builds it (200 bytes with CR, LF and a zero).
constexpr std::size_t k_max_ini_line = 197;

/// What a text in .ini form says, line by line.
struct IniHandler {
  std::function<void(const std::string& section, int line)> on_section;
  std::function<void(const std::string& section, const std::string& key, const std::string& value, int line)> on_key;
};

/// Reads by inih, but counts lines and reports every line that inih would cut or not understand. A line that begins
/// with a blank is a line like any other, and does not continue the one before.
void read_ini(std::string_view text, const std::string& file, const IniHandler& handler, Diagnostics& diagnostics);

}  // namespace ejf::config
