// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "jail/jail.h"

namespace ejf::jail {

/// What Mode::full needs and this machine or these rights lack, each with what would help; empty when all is there.
std::vector<std::string> missing_walls(bool root);

/// What an ordinary user's broker calls its own user inside its user namespace.
inline constexpr uid_t k_own_id_inside = 1000;

/// Not started as root: makes the calling process the owner of a user namespace, in which it keeps its user and group
/// under a nonzero id, so that compilers do not see root. Gives that id. Throws SysError.
uid_t enter_user_namespace();

/// Makes the calling process's mount namespace private and finds a directory in it that may be covered.
std::string enter_mount_namespace();

/// No program that is executed from here on gains rights: no_new_privs, and with the right to do so an empty bounding
/// set.
void give_up_future_rights(bool has_rights);

}  // namespace ejf::jail
