// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "jail/jail.h"

namespace ejf::compile {

struct ExtraSourcesLimits {
  std::uint64_t bytes = 0;       ///< of all files together; what the box holds
  std::size_t entries = 10'000;  ///< files, directories and links together
  unsigned depth = 64;           ///< of directories below each other
};

/// The contents of a problem's extra_src_dir, for the boxes of its jobs. The directory is read with the server's own
/// rights, follows no link, and holds one descriptor of its top; files are opened when they are put into a box.
///
/// What arrives: regular files with permission bits and time of last change (make looks at it), directories with theirs
/// (the job may always work in its copy: its owner has all rights), symbolic links as they are, whether they lead
/// somewhere or not. Hard links arrive as files of their own. Devices, sockets and fifos do not arrive.
class ExtraSources {
 public:
  /// Throws Error, which names what cannot be read or is too much.
  ExtraSources(const std::string& directory, const ExtraSourcesLimits& limits);

  /// Below `prefix` ("" or "build") in the box. May be called for any number of boxes. Throws Error when a file is no
  /// longer the one that was found; what cannot be written is reported by the runs in the box.
  void put_into(jail::Jail& jail, jail::Box& box, const std::string& prefix) const;

  std::size_t entries() const noexcept { return entries_.size(); }
  std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  enum class Kind { file, directory, link };
  struct Entry {
    Kind kind;
    std::string name;    ///< relative to the top
    std::string target;  ///< of a link
    mode_t mode;
    dev_t device;
    ino_t inode;
  };

  void walk(int directory, const std::string& prefix, unsigned depth);
  void add(int directory, const std::string& name, const std::string& path, unsigned depth);
  UniqueFd open_file(const Entry& entry) const;

  ExtraSourcesLimits limits_;
  std::string directory_;
  UniqueFd top_;
  std::vector<Entry> entries_;  ///< each directory before what it holds
  std::uint64_t bytes_ = 0;
};

}  // namespace ejf::compile
