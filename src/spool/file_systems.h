// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <map>

#include "base/unique_fd.h"

namespace ejf::spool {

/// The file systems that something was written to, and the wait for their disks. A whole file system at a time
/// (syncfs(2)): of hundreds of small files a second none need be kept open for it, and those that somebody has read,
/// moved and removed meanwhile are in it too.
class FileSystems {
 public:
  /// That of an open file or directory, which may be closed afterwards. Throws SysError.
  void add(int fd);
  void add_all(const FileSystems& others);
  /// Returns when all that was written there is on disk. Throws SysError when the kernel could not write all of it
  /// since the file systems were added. Any thread.
  void sync() const;

 private:
  std::map<dev_t, UniqueFd> known_;
};

}  // namespace ejf::spool
