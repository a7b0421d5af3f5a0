// SPDX-License-Identifier: Apache-2.0
#include "tools/printable.h"

#include <fmt/format.h>

#include "packet/utf8.h"

namespace ejf::tools {

namespace {

/// How many bytes a character takes that begins with this one; 0 for what begins none.
std::size_t utf8_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

}  // namespace

std::string harmless(const std::string& text) {
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string as_utf8(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::string character = text.substr(i, utf8_length(static_cast<unsigned char>(text[i])));
    if (!character.empty() && packet::is_utf8(character)) {
      out += character;
      i += character.size();
    } else {
      out += "\xef\xbf\xbd";
      ++i;
    }
  }
  return out;
}

}  // namespace ejf::tools
