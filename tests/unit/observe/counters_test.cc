// SPDX-License-Identifier: Apache-2.0
#include "observe/counters.h"

#include <gtest/gtest.h>

namespace ejf::observe {
namespace {

TEST(Counters, AddUpByStatus) {
  Counters counters;
  counters.answered({.packet_name = "a", .language = "gcc", .status = "OK", .real_time = std::chrono::microseconds{3}});
  counters.answered({.packet_name = "b", .language = "gcc", .status = "OK", .real_time = std::chrono::microseconds{4}});
  counters.answered({.packet_name = "c", .language = "", .status = "check failed", .real_time = {}});
  EXPECT_EQ(counters.requests(), 3U);
  EXPECT_EQ(counters.by_status().at("OK"), 2U);
  EXPECT_EQ(counters.by_status().at("check failed"), 1U);
  EXPECT_EQ(counters.accumulated(), std::chrono::microseconds{7});
}

TEST(Counters, KeepOnlyTheLastHundredResults) {
  Counters counters;
  for (int i = 0; i < 250; ++i) {
    counters.answered({.packet_name = std::to_string(i), .language = "", .status = "OK", .real_time = {}});
  }
  EXPECT_EQ(counters.requests(), 250U);
  ASSERT_EQ(counters.recent().size(), 100U);
  EXPECT_EQ(counters.recent().front().packet_name, "150");
  EXPECT_EQ(counters.recent().back().packet_name, "249");
}

}  // namespace
}  // namespace ejf::observe
