// SPDX-License-Identifier: Apache-2.0
#include "spool/packet_index.h"

namespace ejf::spool {

int packet_priority(std::string_view name) noexcept {
  if (name == "QUIT") return -17;
  const char first = name.empty() ? '\0' : name[0];
  if (first >= '0' && first <= '9') return first - '0' - 16;
  if (first >= 'A' && first <= 'V') return first - 'A' - 6;
  return 0;
}

void PacketIndex::insert(std::string name) {
  int priority = packet_priority(name);
  entries_.emplace(priority, std::move(name));
}

std::optional<std::string> PacketIndex::pop() {
  if (entries_.empty()) return {};
  auto node = entries_.extract(entries_.begin());
  return std::move(node.value().second);
}

}  // namespace ejf::spool
