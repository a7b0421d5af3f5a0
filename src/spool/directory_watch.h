// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace ejf::spool {

/// Tells what appears in a directory, without waiting for it. A hint only: the truth is a scan of the directory, due
/// after construction, after an overflow, and now and then anyway (a directory on a network file system tells nothing).
class DirectoryWatch {
 public:
  struct Events {
    std::vector<std::string> names;  ///< any bytes but '/', in order, perhaps more than once, perhaps gone again
    bool overflow = false;           ///< events were dropped: scan
    bool lost = false;               ///< the directory is gone or has moved: make a new watch
  };

  /// Throws SysError (no such directory; out of inotify instances or watches: then only scanning is left).
  explicit DirectoryWatch(const std::string& path);

  int fd() const noexcept { return fd_.get(); }  ///< readable when read() has something to tell
  /// What has happened since the last call; never blocks. At most some ten thousand events, the rest next time. Throws
  /// SysError.
  Events read();

 private:
  void digest(const char* buffer, std::size_t size, Events& events) const;

  UniqueFd fd_;
  std::string name_;  ///< last component of the path
  int watch_ = -1;
  int parent_watch_ = -1;
};

}  // namespace ejf::spool
