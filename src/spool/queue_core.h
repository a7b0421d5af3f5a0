// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <unordered_set>

#include "base/unique_fd.h"
#include "spool/instance.h"
#include "spool/rejected.h"

namespace ejf::spool {

/// What a queue and its claims share; lives until the last of them is gone. The order matters: the instance's lock is
/// dropped before the directories close.
struct QueueCore {
  QueueCore(const std::string& base, const std::string& host);

  UniqueFd dir;
  UniqueFd out;
  UniqueFd src;
  bool is_src_elsewhere;  ///< on another file system than out
  Rejected rejected;
  Instance instance;
  /// Packets with a live Claim of ours. Only we make names with our instance in them, so this alone tells whether such
  /// a name is in use: two packets of one name never get into one claim file.
  std::unordered_set<std::string> held;
};

}  // namespace ejf::spool
