// SPDX-License-Identifier: Apache-2.0
// What `ejforge lang test` shows.
#pragma once

#include <string>
#include <vector>

#include "tools/lang_check.h"

namespace ejf::tools {

/// One line a language; what has failed is marked when `colours` are wanted. Below it why, with the first lines of the
/// log, and how many have passed.
std::string format_lang_trials(const std::vector<LangTrial>& trials, bool colours);
std::string lang_trials_json(const std::vector<LangTrial>& trials);

/// Of the program: all that could be tried has passed, a language fails, or the machine does.
int exit_code(const std::vector<LangTrial>& trials);

}  // namespace ejf::tools
