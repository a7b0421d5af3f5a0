// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "server/options.h"

namespace ejf::server {

/// From parsed options to the end of the server: configuration, log, user, jail, spool, locks, loop. The exit code of
/// ej-compile, or an exception for what prevented the start.
int launch(const Options& options);

}  // namespace ejf::server
