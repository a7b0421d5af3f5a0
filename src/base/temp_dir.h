// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/unique_fd.h"

namespace ejf {

/// Removes `name` below `dir` with all that it holds. Goes through openat and unlinkat, follows no link and enters no
/// other file system; what is not there is fine. Does not depend on the depth (no recursion, few descriptors).
/// Throws SysError for the first thing that stays, after all else was removed.
void remove_tree_at(int dir, const std::string& name);
void remove_tree(const std::string& path);

/// A fresh directory (mode 0700) that goes away with its owner.
class TempDir {
 public:
  /// Makes `<parent>/<prefix>XXXXXX`. Throws SysError.
  TempDir(const std::string& parent, const std::string& prefix);
  TempDir(TempDir&& other) noexcept;
  TempDir& operator=(TempDir&&) = delete;
  ~TempDir();

  const std::string& path() const noexcept { return path_; }
  int fd() const noexcept { return fd_.get(); }
  /// The directory stays.
  void keep() noexcept { path_.clear(); }

 private:
  std::string path_;
  UniqueFd fd_;
};

}  // namespace ejf
