// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "jail/client.h"

namespace ejf::jail {

/// The broker's life: serves the server at the other end of `socket` until that is closed; then nothing of it is left.
/// What `client` asks for is looked at before it is done. Gives the exit code.
int run_broker(int socket, const Client& client);

}  // namespace ejf::jail
