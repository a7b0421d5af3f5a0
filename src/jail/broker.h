// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ejf::jail {

/// The broker's life: serves the server at the other end of `socket` until that is closed; then nothing of it is left.
/// Gives the exit code.
int run_broker(int socket);

}  // namespace ejf::jail
