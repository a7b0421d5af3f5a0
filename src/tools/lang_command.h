// SPDX-License-Identifier: Apache-2.0
// The subcommands of `ejforge lang`, like those of commands.h.
#pragma once

#include "tools/commands.h"

namespace ejf::tools {

int run_lang_new(const Arguments& arguments);

}  // namespace ejf::tools
