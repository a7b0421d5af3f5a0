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

void FileSystems::add_all(const FileSystems& others) {
  for (const auto& [device, fd] : others.known_) add(fd.get());
}

void FileSystems::sync() const {
  for (const auto& [device, fd] : known_) {
    if (::syncfs(fd.get()) != 0) throw SysError("sync", "the file system of the spool");
  }
}

}  // namespace ejf::spool
