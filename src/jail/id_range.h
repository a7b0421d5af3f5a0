// SPDX-License-Identifier: Apache-2.0
// User ids for jobs without root: /etc/subuid and /etc/subgid give a user ranges of them, and newuidmap and newgidmap
// (package uidmap), which are set-user-ID root, map them into a user namespace of that user's.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

namespace ejf::jail {

/// The first range of at least `count` ids that `text`, a subuid or subgid file, gives to the user. A line has the name
/// of the user or its number.
std::optional<unsigned> find_range(std::string_view text, std::string_view name, uid_t uid, unsigned count);

/// The first ids of the ranges of the calling process's user; why there are none, as advice, in `missing`.
struct IdRanges {
  unsigned first_uid = 0;
  unsigned first_gid = 0;
};
std::optional<IdRanges> find_id_ranges(unsigned count, std::string& missing);

/// Makes the calling process the owner of a user namespace, in which its own user is `own` and the ranges are the ids
/// from `first` on. Throws Error; the process may be in a namespace of no use then.
void enter_user_namespace_with(const IdRanges& ranges, uid_t own, uid_t first, unsigned count);

}  // namespace ejf::jail
