// SPDX-License-Identifier: Apache-2.0
// The rows about control groups of the table of probe.cc.
#pragma once

#include "jail/probe.h"

namespace ejf::jail {

Finding probe_groups(bool root);
Finding probe_swap_limit(bool root);
Finding probe_group_kill(bool root);
Finding probe_memory_peak(bool root);

}  // namespace ejf::jail
