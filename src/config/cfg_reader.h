// SPDX-License-Identifier: Apache-2.0
// Knows the syntax of ejudge's configuration files and nothing of what their keys mean.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/cfg_expression.h"
#include "config/diagnostics.h"

namespace ejf::config {

struct CfgStatement {
  enum class Kind { section, parameter };
  Kind kind = Kind::parameter;
  std::string name;
  std::string value;  ///< unquoted, in UTF-8; "1" for a bare parameter
  std::string file;   ///< an included file has its own name here
  int line = 0;
};

/// Gives the content of an included file; throws Error when it cannot.
using CfgSource = std::function<std::string(const std::string& path)>;

/// Reads files; used unless told otherwise.
CfgSource cfg_files();

/// Follows @include and @if, unquotes, and converts values from the charset of a coding line. A line with an error
/// is left out and the reading goes on, so that all errors are found.
std::vector<CfgStatement> read_cfg(std::string_view text, const std::string& file, const CfgVariables& variables,
                                   const CfgSource& source, Diagnostics& diagnostics);

}  // namespace ejf::config
