// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "jail/jail.h"

namespace ejf::jail {

/// Keeps head and tail of a stream, together no more than `stored` bytes, and counts what lies between.
class LogKeeper {
 public:
  explicit LogKeeper(std::uint64_t stored) noexcept : stored_(stored), head_room_(stored - stored / 2) {}

  void add(std::string_view data);
  std::uint64_t total() const noexcept { return total_; }
  /// All that was written, in `head`, when it fitted.
  Log take();

 private:
  void add_to_tail(std::string_view data);

  std::uint64_t stored_;
  std::uint64_t head_room_;
  std::uint64_t total_ = 0;
  std::string head_;
  std::string ring_;            ///< grows up to stored_ - head_room_, then wraps
  std::size_t ring_start_ = 0;  ///< of the oldest byte, once it has wrapped
};

}  // namespace ejf::jail
