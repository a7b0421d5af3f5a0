// SPDX-License-Identifier: Apache-2.0
#include "observe/counters.h"

namespace ejf::observe {

void Counters::answered(RecentResult result) {
  constexpr std::size_t k_kept = 100;
  ++requests_;
  ++by_status_[result.status];
  accumulated_ += result.real_time;
  recent_.push_back(std::move(result));
  if (recent_.size() > k_kept) recent_.pop_front();
}

}  // namespace ejf::observe
