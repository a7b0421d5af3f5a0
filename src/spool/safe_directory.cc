// SPDX-License-Identifier: Apache-2.0
#include "spool/safe_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "spool/claim_name.h"

namespace ejf::spool {

void make_safe_directory(const std::string& path) {
  make_directory(path, 0775);
  for (const char* part : {"/in", "/dir", "/out"}) make_directory(path + part, 0777);
}

bool is_same_directory(const std::string& path, int fd) {
  struct stat by_path {};
  struct stat by_fd = stat_fd(fd, path);
  return ::stat(path.c_str(), &by_path) == 0 && by_path.st_ino == by_fd.st_ino && by_path.st_dev == by_fd.st_dev;
}

SafeDirectory::SafeDirectory(const std::string& path) {
  make_safe_directory(path);
  in_ = open_directory(path + "/in");
  dir_ = open_directory(path + "/dir");
}

void SafeDirectory::write(const std::string& name, std::string_view data, mode_t mode) {
  const std::string temporary = fmt::format("{}_{}_{}", ::getpid(), node_name(), name);
  // Whatever has that name is a dead process's, or was put there for us to fall into (everybody may write here): it
  // is not opened but replaced.
  try_unlink_at(in_.get(), temporary);
  UniqueFd fd = open_at(in_.get(), temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
  try {
    if (::fchmod(fd.get(), mode) != 0) throw SysError("chmod", temporary);
    write_all(fd.get(), data, name);
    rename_at(in_.get(), temporary, dir_.get(), name);
  } catch (const SysError&) {
    ::unlinkat(in_.get(), temporary.c_str(), 0);
    throw;
  }
}

std::optional<std::string> SafeDirectory::read(const std::string& name, std::size_t limit) const {
  return try_read_regular_at(dir_.get(), name, limit);
}

bool SafeDirectory::remove(const std::string& name) {
  return try_unlink_at(dir_.get(), name);
}

bool SafeDirectory::contains(const std::string& name) const {
  return try_stat_at(dir_.get(), name).has_value();
}

std::vector<std::string> SafeDirectory::list() const {
  return list_directory(dir_.get());
}

}  // namespace ejf::spool
