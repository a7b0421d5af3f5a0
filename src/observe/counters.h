// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>

namespace ejf::observe {

/// One answered request, for whoever shows recent results.
struct RecentResult {
  std::string packet_name;
  std::string language;
  std::string status;
  std::chrono::microseconds real_time{0};
};

/// What a server did since its start. Kept small and bounded; showing it is somebody else's work.
class Counters {
 public:
  void answered(RecentResult result);

  std::uint64_t requests() const noexcept { return requests_; }
  const std::map<std::string, std::uint64_t>& by_status() const noexcept { return by_status_; }
  const std::deque<RecentResult>& recent() const noexcept { return recent_; }
  std::chrono::microseconds accumulated() const noexcept { return accumulated_; }

 private:
  std::uint64_t requests_ = 0;
  std::map<std::string, std::uint64_t> by_status_;
  std::deque<RecentResult> recent_;
  std::chrono::microseconds accumulated_{0};
};

}  // namespace ejf::observe
