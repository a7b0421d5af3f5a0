// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"

namespace ejf::spool {

/// Makes what is missing of `path` (0775) and its in, dir and out (0777, as ejudge makes them: the programs that share
/// them run as different users). What is there stays as it is. The parent of `path` must exist. Throws SysError.
void make_safe_directory(const std::string& path);

/// False when `path` is not (any more) the directory that `fd` is open on.
bool is_same_directory(const std::string& path, int fd);

/// ejudge's maildir-like directory: a file is written in `in` and appears in `dir` by rename, complete. `out` is made
/// but never opened here: ej-contests keeps that of its replies closed to everybody else (0700).
class SafeDirectory {
 public:
  /// Makes what is missing. Throws SysError.
  explicit SafeDirectory(const std::string& path);

  /// Written as in/<pid>_<nodename>_<name>, then renamed over dir/<name>. The mode is exact. Throws SysError; then
  /// nothing is left.
  void write(const std::string& name, std::string_view data, mode_t mode = 0644);
  /// Of dir: contents (a regular file of at most `limit` bytes), removal (false: it was not there), names.
  std::optional<std::string> read(const std::string& name, std::size_t limit) const;
  bool remove(const std::string& name);
  bool contains(const std::string& name) const;
  std::vector<std::string> list() const;

  int dir() const noexcept { return dir_.get(); }

 private:
  UniqueFd in_;
  UniqueFd dir_;
};

}  // namespace ejf::spool
