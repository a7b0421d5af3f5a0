// SPDX-License-Identifier: Apache-2.0
#include "base/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "base/error.h"
#include "base/files.h"

namespace ejf {

namespace {

std::string temporary_name(const std::string& name) {
  static std::atomic<unsigned> serial{0};
  return "." + name + "." + std::to_string(::getpid()) + "." + std::to_string(++serial) + ".tmp";
}

}  // namespace

AtomicFile::AtomicFile(int dir, const std::string& name, mode_t mode)
    : AtomicFile(dir, name, mode, temporary_name(name)) {}

AtomicFile::AtomicFile(int dir, std::string name, mode_t mode, std::string temporary)
    : dir_(dir), name_(std::move(name)), temporary_(std::move(temporary)) {
  constexpr int k_new = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  fd_.reset(::openat(dir_, temporary_.c_str(), k_new, 0600));
  if (!fd_ && errno == EEXIST) {
    try_unlink_at(dir_, temporary_);
    fd_.reset(::openat(dir_, temporary_.c_str(), k_new, 0600));
  }
  if (!fd_) throw SysError("open", temporary_);
  if (::fchmod(fd_.get(), mode) != 0) throw SysError("chmod", temporary_);
}

AtomicFile::~AtomicFile() {
  if (!temporary_.empty()) ::unlinkat(dir_, temporary_.c_str(), 0);
}

void AtomicFile::write(std::string_view data) {
  write_all(fd_.get(), data, name_);
}

void AtomicFile::sync() {
  if (::fsync(fd_.get()) != 0) throw SysError("fsync", name_);
}

void AtomicFile::commit() {
  fd_.close();
  rename_at(dir_, temporary_, dir_, name_);
  temporary_.clear();
}

}  // namespace ejf
