// SPDX-License-Identifier: Apache-2.0
#include "spool/file_systems.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"

namespace ejf::spool {

void FileSystems::add(int fd) {
  const dev_t device = stat_fd(fd, "a directory of the spool").st_dev;
  if (known_.contains(device)) return;
  UniqueFd copy{::fcntl(fd, F_DUPFD_CLOEXEC, 0)};
  if (!copy) throw SysError("keep open", "a directory of the spool");
  known_.emplace(device, std::move(copy));
}

void FileSystems::sync(const FileSystems& others) const {
  for (const auto& [device, fd] : known_) sync_one(fd);
  for (const auto& [device, fd] : others.known_) {
    if (!known_.contains(device)) sync_one(fd);
  }
}

void FileSystems::sync_one(const UniqueFd& fd) {
  if (::syncfs(fd.get()) != 0) throw SysError("sync", "the file system of the spool");
}

}  // namespace ejf::spool
