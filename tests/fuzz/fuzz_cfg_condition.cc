// SPDX-License-Identifier: Apache-2.0
// Any condition of @if: what is one stays one, with the same value, in parentheses and beside others.
#include <string>

#include "base/error.h"
#include "config/cfg_expression.h"
#include "fuzz.h"

using namespace ejf::config;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const CfgVariables variables{.host = "host"};
  const auto value = evaluate_cfg_condition(text, variables);
  if (!value) {
    EJF_CHECK(!value.error().message.empty());
    return 0;
  }
  for (const char* before : {"1 == 1 && (", "1 == 0 || ("}) {
    const auto both = evaluate_cfg_condition(before + text + ")", variables);
    EJF_CHECK(!both || *both == *value);
  }
  return 0;
}
