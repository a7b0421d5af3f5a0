// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace ejf::spool {

/// ejudge's priority class of a packet name, by its first character: '0'..'9' are -16..-7, 'A'..'V' -6..15, any other
/// 0; the name QUIT is before all. Lower goes first.
int packet_priority(std::string_view name) noexcept;

/// Names of waiting packets in the order in which they are served: by class, then by bytes of the name (which begins
/// with its time). A name is in it once.
class PacketIndex {
 public:
  void insert(std::string name);
  /// The most urgent name, removed; empty when there is none.
  std::optional<std::string> pop();
  std::size_t size() const noexcept { return entries_.size(); }

 private:
  std::set<std::pair<int, std::string>> entries_;
};

}  // namespace ejf::spool
