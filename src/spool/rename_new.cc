// SPDX-License-Identifier: Apache-2.0
#include "spool/rename_new.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>

#include "base/error.h"
#include "base/files.h"

namespace ejf::spool {

RenameResult rename_new(int from_dir, const std::string& from, int to_dir, const std::string& to) {
  if (::renameat2(from_dir, from.c_str(), to_dir, to.c_str(), RENAME_NOREPLACE) == 0) return RenameResult::done;
  if (errno == ENOENT) return RenameResult::source_missing;
  if (errno == EEXIST) return RenameResult::target_exists;
  // NFS and some FUSE file systems know no flags (renameat2(2): EINVAL).
  if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP) throw SysError("rename", from + " to " + to);
  if (try_stat_at(to_dir, to)) return RenameResult::target_exists;
  return try_rename_at(from_dir, from, to_dir, to) ? RenameResult::done : RenameResult::source_missing;
}

}  // namespace ejf::spool
