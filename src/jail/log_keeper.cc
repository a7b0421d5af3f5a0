// SPDX-License-Identifier: Apache-2.0
#include "jail/log_keeper.h"

#include <algorithm>
#include <utility>

namespace ejf::jail {

void LogKeeper::add(std::string_view data) {
  total_ += data.size();
  std::size_t n = std::min<std::size_t>(data.size(), head_room_ - head_.size());
  head_.append(data.substr(0, n));
  add_to_tail(data.substr(n));
}

void LogKeeper::add_to_tail(std::string_view data) {
  std::size_t room = stored_ - head_room_;
  if (data.size() > room) data.remove_prefix(data.size() - room);
  std::size_t n = std::min(data.size(), room - ring_.size());
  ring_.append(data.substr(0, n));
  data.remove_prefix(n);
  while (!data.empty()) {
    n = std::min(data.size(), room - ring_start_);
    std::copy_n(data.begin(), n, ring_.begin() + static_cast<std::ptrdiff_t>(ring_start_));
    ring_start_ = (ring_start_ + n) % room;
    data.remove_prefix(n);
  }
}

Log LogKeeper::take() {
  std::rotate(ring_.begin(), ring_.begin() + static_cast<std::ptrdiff_t>(ring_start_), ring_.end());
  Log log;
  log.head = std::move(head_);
  log.omitted = total_ - log.head.size() - ring_.size();
  if (log.omitted == 0) {
    log.head += ring_;
  } else {
    log.tail = std::move(ring_);
  }
  return log;
}

}  // namespace ejf::jail
