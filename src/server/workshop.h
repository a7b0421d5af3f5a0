// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compile/compiler.h"
#include "server/configuration.h"

namespace ejf::server {

/// What compilations under this configuration share.
compile::Workshop make_workshop(const Configuration& configuration, compile::AsyncJail& jail, compile::SlotPool& slots,
                                bool is_jailed);

}  // namespace ejf::server
