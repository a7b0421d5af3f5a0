// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <vector>

namespace ejf::jail {

struct TreeUsage {
  std::chrono::microseconds cpu{0};  ///< of the living, and of the dead that were waited for
  std::uint64_t memory = 0;          ///< bytes that come from no file; what processes share counts for each of them
};

/// What a process and all below it use, from /proc. Orphans of a job come to its init, so nothing escapes the sum; what
/// ends while we look may be missed once.
TreeUsage usage_of_tree(pid_t root);

/// The same memory, but what is shared counts once. Takes longer: the kernel walks through all pages.
std::uint64_t exact_memory_of_tree(pid_t root);

/// The children of a process with one thread.
std::vector<pid_t> children_of(pid_t pid);

}  // namespace ejf::jail
