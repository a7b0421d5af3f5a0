// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "jail/jail.h"

namespace ejf::compile {

/// The compiler's output as the contestant sees it; what was cut out of its middle is marked with its size.
std::string log_text(const jail::Log& log);

/// Why a run ended otherwise than by its own exit, in one plain sentence with a newline; empty when ejudge's own
/// message says enough (real time) or when there is nothing to say.
std::string explain(const jail::RunReport& report, const jail::Limits& limits);

}  // namespace ejf::compile
