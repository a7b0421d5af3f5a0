// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "config/cfg_line.h"

namespace ejf::config {

/// What `@if` can ask for.
struct CfgVariables {
  std::string host;  ///< the node's name
  int mode = 1;      ///< 0 contest server and configurator, 1 compile server, 2 test server
  int major = 3;     ///< major, minor, patch, build: ejudge's version whose rules we follow
  int minor = 14;
  int patch = 0;
  int build = 0;
  int managed = 0;
};

/// The condition of `@if` and `@elif`: `||`, `&&`, `==`, `!=`, `<`, `<=`, `>`, `>=`, parentheses, decimal integers,
/// "strings" and the variables above. A string compares with a string only, and is no condition.
Result<bool, CfgSyntaxError> evaluate_cfg_condition(std::string_view text, const CfgVariables& variables);

}  // namespace ejf::config
