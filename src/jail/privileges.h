// SPDX-License-Identifier: Apache-2.0
// What a program does first that may have been executed set-user-ID root: all that a process inherits from who executed
// it (ids, environment, descriptors, limits, terminal, timers) is theirs, not root's.
#pragma once

#include <sys/types.h>

#include "jail/jail.h"

namespace ejf::jail {

/// True when the program has rights that its caller has not.
bool is_set_user_id() noexcept;

/// Becomes the caller, for good: nothing that is executed from here on, this program included, gains rights. Does
/// nothing when there is nothing to give up. Throws SysError.
void give_up_set_user_id();

/// Becomes root as a process that root has started, but for limits and priority: real ids too, no environment, no
/// descriptor but `socket` and standard error. Throws SysError.
void become_root(int socket);

/// The rest of it: limits of process 1, an ordinary priority, all processors, no timers. Not for who becomes the caller
/// again, whose limits root may have set. Throws SysError.
void take_limits_of_the_machine();

/// Root only: becomes this user, for good. Throws SysError.
void become_user(const Rights& rights);

}  // namespace ejf::jail
