// SPDX-License-Identifier: Apache-2.0
#include "base/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

#include "base/error.h"
#include "base/files.h"

namespace ejf {

namespace {

bool try_flock(int fd, int operation, const std::string& name) {
  if (::flock(fd, operation | LOCK_NB) == 0) return true;
  if (errno == EWOULDBLOCK) return false;
  throw SysError("lock", name);
}

}  // namespace

std::optional<FileLock> FileLock::try_lock(int dir, const std::string& name) {
  for (;;) {
    UniqueFd fd = open_at(dir, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (!try_flock(fd.get(), LOCK_EX, name)) return {};
    // Whoever held it before may have unlinked the file after our open: then we locked a file that nobody finds.
    auto now = try_stat_at(dir, name);
    if (now && now->st_ino == stat_fd(fd.get(), name).st_ino) return FileLock{std::move(fd)};
  }
}

bool FileLock::is_locked(int dir, const std::string& name) {
  // O_NONBLOCK: the directory may be everybody's, and a FIFO would hold us up for ever.
  auto fd = try_open_at(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  return fd && !try_flock(fd->get(), LOCK_SH, name);
}

}  // namespace ejf
