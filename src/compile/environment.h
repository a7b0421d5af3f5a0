// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace ejf::compile {

/// NAME=VALUE; the whole environment of a process.
using Environment = std::vector<std::string>;

/// The environment that every compiler gets: PATH and the locale of the server, the compile user's name. HOME and
/// TMPDIR are those of its box.
Environment base_environment(const std::string& user_name);

/// Later definitions win, as putenv would have it; the order of first appearance stays. What is no NAME=VALUE is left
/// out.
void add_variables(Environment& environment, const Environment& more);

/// Adds NAME=VALUE if there is no NAME yet.
void set_default(Environment& environment, const std::string& name, const std::string& value);

}  // namespace ejf::compile
