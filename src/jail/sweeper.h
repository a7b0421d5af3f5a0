// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>

#include "base/unique_fd.h"

namespace ejf::jail {

/// A process that removes directories and unmounts file systems, for the broker has no time for it: the kernel may let
/// an unmount wait for all processors, and the end of a directory for the disk. It dies with the broker.
class Sweeper {
 public:
  enum class Order : char { unmount = 'u', remove_tree = 'r' };

  Sweeper();
  ~Sweeper() { finish(); }
  Sweeper(const Sweeper&) = delete;
  Sweeper& operator=(const Sweeper&) = delete;

  pid_t pid() const noexcept { return pid_; }
  /// Soon; at once and by ourselves when the process has too much to do already, or is dead. What cannot be removed
  /// stays, for the next start.
  void sweep(Order order, const std::string& path) noexcept;
  /// Waits until all is done and the process has ended.
  void finish() noexcept;

 private:
  pid_t pid_ = -1;
  UniqueFd channel_;
};

}  // namespace ejf::jail
