// SPDX-License-Identifier: Apache-2.0
// The subcommands of `ejforge lang`. Each gets what stands behind its own name.
#pragma once

#include "tools/commands.h"

namespace ejf::tools {

int run_lang_list(const Arguments& arguments);
int run_lang_show(const Arguments& arguments);
int run_lang_test(const Arguments& arguments);
int run_lang_new(const Arguments& arguments);

}  // namespace ejf::tools
