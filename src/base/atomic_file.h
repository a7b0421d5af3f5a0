// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace ejf {

/// A file that appears complete or not at all: written under a temporary name in the target's directory and renamed by
/// commit(). Without commit() nothing is left behind: a half-written file must not replace a good one because an
/// exception passed by.
class AtomicFile {
 public:
  /// `dir` must stay open as long as this object lives. The file gets exactly this mode. Throws SysError.
  AtomicFile(int dir, const std::string& name, mode_t mode);
  /// The same under a temporary name that the caller chose; a file of that name is removed first. For those who write
  /// the same file again after a crash: nothing half-written is left then.
  AtomicFile(int dir, std::string name, mode_t mode, std::string temporary);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  int fd() const noexcept { return fd_.get(); }
  void write(std::string_view data);
  /// fsync of the file, when it must survive a power loss.
  void sync();
  /// Renames over the target. Throws SysError.
  void commit();

 private:
  int dir_;
  std::string name_;
  std::string temporary_;
  UniqueFd fd_;
};

}  // namespace ejf
