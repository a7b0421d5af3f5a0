// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace ejf {

/// Time of day as packets carry it.
struct WallTime {
  std::int64_t seconds = 0;
  std::int32_t microseconds = 0;  ///< 0..999999

  static WallTime now();
  std::int64_t milliseconds() const noexcept { return seconds * 1000 + microseconds / 1000; }
  friend bool operator==(const WallTime&, const WallTime&) = default;
};

/// For durations: does not jump.
using Monotonic = std::chrono::steady_clock;

/// 2026-11-21T14:01:56Z
std::string format_utc(const WallTime& time);

}  // namespace ejf
