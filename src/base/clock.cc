// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <fmt/chrono.h>

#include <ctime>

namespace ejf {

WallTime WallTime::now() {
  timespec ts{};
  ::clock_gettime(CLOCK_REALTIME, &ts);
  return {ts.tv_sec, static_cast<std::int32_t>(ts.tv_nsec / 1000)};
}

std::string format_utc(const WallTime& time) {
  std::tm parts{};
  std::time_t seconds = time.seconds;
  ::gmtime_r(&seconds, &parts);
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", parts);
}

}  // namespace ejf
