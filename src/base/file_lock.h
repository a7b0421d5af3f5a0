// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/unique_fd.h"

namespace ejf {

/// An exclusive flock on a file, held until the owner goes (or its process dies, kill -9 included). The descriptor is
/// close-on-exec, so neither a child nor a re-exec'ed server keeps the lock by accident.
class FileLock {
 public:
  /// Creates the file (mode 0600 by default) if needed. Empty when somebody else holds the lock. Throws SysError.
  static std::optional<FileLock> try_lock(int dir, const std::string& name);
  /// True when some process holds the lock; false also when the file is not there.
  static bool is_locked(int dir, const std::string& name);

  int fd() const noexcept { return fd_.get(); }

 private:
  explicit FileLock(UniqueFd fd) noexcept : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace ejf
