// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace ejf::config {

/// What an escape of ejudge's files means (protocol.md §7.5): \a \b \f \n \r \t \v, \xH[H], \0 to \377; any other
/// character means itself, a backslash before the end of the text too. `pos` stands just behind the backslash and is
/// moved behind the escape.
char take_escape(std::string_view text, std::size_t& pos) noexcept;

}  // namespace ejf::config
