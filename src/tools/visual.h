// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lang/configurator.h"

namespace ejf::tools {

/// The configurator's menu on this terminal, from the first look at the compilers to the end. Throws Error when the
/// terminal cannot show it, and lang::Interrupted; true if the person saved.
bool run_menu(lang::ConfiguratorSettings settings);

}  // namespace ejf::tools
