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
  void add_all(FileSystems&& others) { known_.merge(others.known_); }
  /// Returns when all that was written there, and in the `others`, is on disk. Throws SysError when the kernel could
  /// not write all of it since the file systems were added. Any thread.
  void sync(const FileSystems& others) const;

 private:
  static void sync_one(const UniqueFd& fd);

  std::map<dev_t, UniqueFd> known_;
};

}  // namespace ejf::spool
