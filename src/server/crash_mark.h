// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ejf::server {

/// From now on a fault of this process (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) writes spool::k_crash_mark into this
/// file before it ends the process as it would have done anyway. Each call replaces the file of the one before. Being
/// killed is no fault: SIGKILL leaves no mark.
void mark_crashes_in(int fd);

}  // namespace ejf::server
