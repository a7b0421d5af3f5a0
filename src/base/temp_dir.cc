// SPDX-License-Identifier: Apache-2.0
#include "base/temp_dir.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

#include "base/error.h"
#include "base/files.h"

namespace ejf {

namespace {

/// A directory that nobody may enter (mode 000) is opened up first: root needs no mode, but an ordinary owner does.
UniqueFd open_for_removal(int dir, const std::string& name) {
  constexpr int k_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  UniqueFd fd{::openat(dir, name.c_str(), k_flags)};
  if (!fd && errno == EACCES && ::fchmodat(dir, name.c_str(), 0700, 0) == 0) {
    fd.reset(::openat(dir, name.c_str(), k_flags));
  }
  // So that its entries can be unlinked. A directory of somebody else refuses, and then unlinking says what is wrong.
  if (fd && ::fchmod(fd.get(), 0700) != 0) errno = 0;
  return fd;
}

/// Empties one directory level. Sub-directories are moved up into `top` under fresh names instead of being entered, so
/// that a chain of a million directories needs neither a stack nor descriptors.
class TreeRemover {
 public:
  TreeRemover(int top, dev_t device) : top_(top), device_(device) {}

  void remove_all() {
    pending_ = list_directory(top_);
    while (!pending_.empty()) {
      std::string name = std::move(pending_.back());
      pending_.pop_back();
      remove_one(name);
    }
    if (first_error_ != 0) throw SysError("remove", first_name_, first_error_);
  }

 private:
  void remove_one(const std::string& name) {
    if (::unlinkat(top_, name.c_str(), 0) == 0 || errno == ENOENT) return;
    if (errno != EISDIR && errno != EPERM) return note(name);
    UniqueFd dir = open_for_removal(top_, name);
    if (!dir) return note(name);
    if (stat_fd(dir.get(), name).st_dev != device_) return note(name, EXDEV);
    flatten(dir.get());
    if (::unlinkat(top_, name.c_str(), AT_REMOVEDIR) != 0) note(name);
  }

  void flatten(int dir) {
    for (const std::string& entry : list_directory(dir)) {
      if (::unlinkat(dir, entry.c_str(), 0) == 0 || errno == ENOENT) continue;
      if (errno != EISDIR && errno != EPERM) {
        note(entry);
        continue;
      }
      std::string fresh = ".rm" + std::to_string(++serial_);
      if (move_up(dir, entry, fresh)) {
        pending_.push_back(std::move(fresh));
      } else {
        note(entry);
      }
    }
  }

  bool move_up(int dir, const std::string& entry, const std::string& fresh) const {
    if (::renameat(dir, entry.c_str(), top_, fresh.c_str()) == 0) return true;
    // Moving a directory rewrites its "..", for which an ordinary user needs write permission on it.
    return errno == EACCES && ::fchmodat(dir, entry.c_str(), 0700, 0) == 0 &&
           ::renameat(dir, entry.c_str(), top_, fresh.c_str()) == 0;
  }

  void note(const std::string& name, int err = errno) {
    if (first_error_ != 0) return;
    first_error_ = err;
    first_name_ = name;
  }

  int top_;
  dev_t device_;
  std::vector<std::string> pending_;
  unsigned long serial_ = 0;
  int first_error_ = 0;
  std::string first_name_;
};

}  // namespace

void remove_tree_at(int dir, const std::string& name) {
  if (::unlinkat(dir, name.c_str(), 0) == 0 || errno == ENOENT) return;
  if (errno != EISDIR && errno != EPERM) throw SysError("remove", name);
  UniqueFd top = open_for_removal(dir, name);
  if (!top) throw SysError("open", name);
  TreeRemover(top.get(), stat_fd(top.get(), name).st_dev).remove_all();
  if (::unlinkat(dir, name.c_str(), AT_REMOVEDIR) != 0) throw SysError("remove", name);
}

void remove_tree(const std::string& path) {
  remove_tree_at(AT_FDCWD, path);
}

TempDir::TempDir(const std::string& parent, const std::string& prefix) {
  std::string pattern = parent + "/" + prefix + "XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) throw SysError("make temporary directory", pattern);
  path_ = std::move(pattern);
  fd_ = open_directory(path_);
}

TempDir::TempDir(TempDir&& other) noexcept : path_(std::move(other.path_)), fd_(std::move(other.fd_)) {
  other.path_.clear();
}

TempDir::~TempDir() {
  if (path_.empty()) return;
  try {
    remove_tree(path_);
  } catch (const Error&) {
    // A destructor has nobody to tell; the next start's sweep finds what stays.
  }
}

}  // namespace ejf
