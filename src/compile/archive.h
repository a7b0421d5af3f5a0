// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace ejf::compile {

/// Makes the zip of a multi-header job: the executables of all tests. Contents go to one file in memory at once, as
/// boxes are in memory too, and are packed at the end, so that thousands of members need no descriptors. Equal members
/// in equal order give equal archives. Not for several threads at a time. All members throw Error, which names the
/// zip's member.
class Archive {
 public:
  Archive();

  /// The first `size` bytes of the regular file `fd`, whose position does not matter and stays. `mode` are permissions.
  void add(const std::string& name, int fd, std::uint64_t size, mode_t mode = 0755);
  /// Bytes of all members, not compressed.
  std::uint64_t content_size() const noexcept { return end_; }
  /// Compresses everything; the descriptor stands at the start of the zip. At least one member must have been added,
  /// and no other method may be called any more.
  UniqueFd finish();

 private:
  struct Member {
    std::string name;
    std::uint64_t offset;
    std::uint64_t size;
    mode_t mode;
  };

  UniqueFd content_;
  std::uint64_t end_ = 0;
  std::vector<Member> members_;
};

}  // namespace ejf::compile
