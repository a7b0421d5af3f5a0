// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ejf::packet {

/// Well-formed by RFC 3629: no surrogates, nothing longer than needed, nothing above U+10FFFF.
bool is_utf8(std::string_view text) noexcept;

/// The same, and nothing in U+0080..U+009F, which terminals take for control sequences. ASCII controls are let through;
/// escape_c deals with them.
bool is_printable_utf8(std::string_view text) noexcept;

}  // namespace ejf::packet
