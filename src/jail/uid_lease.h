// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/file_lock.h"

namespace ejf::jail {

/// User ids for jobs that no other broker of this machine has: whoever shares a user id with a job can signal it,
/// counts against the same limits, and is killed with it where a job is ended by its user id. Held by locks below
/// /run/ejforge as long as this object lives, whatever ends its process.
class UidLease {
 public:
  /// The first `count` free ids in a row from `first` on. Where /run cannot be written to, `first` itself, and
  /// `warning` says so. Throws Error when thousands are taken.
  UidLease(uid_t first, unsigned count, std::string& warning);

  uid_t first() const noexcept { return first_; }

 private:
  bool try_take(int directory, uid_t first, unsigned count);

  uid_t first_;
  std::vector<FileLock> locks_;
};

/// One of the `most` brokers that a user may have at one time: they are root's, so the user's own limits do not count
/// them. Empty where /run cannot be written to. Throws Error when all are taken.
std::optional<FileLock> take_place(uid_t user, std::uint64_t most);

}  // namespace ejf::jail
