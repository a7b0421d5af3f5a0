// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compile/workshop.h"
#include "server/configuration.h"

namespace ejf::server {

/// What compilations under this configuration share.
compile::Workshop make_workshop(const Configuration& configuration, compile::AsyncJail& jail, compile::SlotPool& slots,
                                boost::asio::thread_pool& pool, bool is_jailed);

}  // namespace ejf::server
