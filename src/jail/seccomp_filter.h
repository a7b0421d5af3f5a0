// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <vector>

namespace ejf::jail {

struct FilterSpec {
  bool network = false;     ///< AF_INET, AF_INET6 and AF_NETLINK too, else AF_UNIX alone
  bool allow_i386 = false;  ///< the same rules for 32-bit programs, which are killed otherwise
  /// Lets mount, move_mount, clone3 and unshare pass with this number as their sixth argument, of which they have none;
  /// 0: for nobody. 32-bit programs could not pass such a number.
  std::uint64_t cookie = 0;
  /// What is refused is logged by the kernel and allowed, but for new namespaces: they would give rights, and with them
  /// a reach into the kernel, that nothing else takes away. Foreign architectures are still killed.
  bool log_only = false;
};

/// The seccomp program of the jobs, made once at start: building it costs half a millisecond, loading it a tenth of
/// that. A deny list, because compilers, JVMs and the like change their system calls with every release. Throws Error.
std::vector<sock_filter> make_filter(const FilterSpec& spec);

}  // namespace ejf::jail
