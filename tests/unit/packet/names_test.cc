// SPDX-License-Identifier: Apache-2.0
#include "packet/names.h"

#include <gtest/gtest.h>

#include "samples.h"

namespace ejf::packet {
namespace {

TEST(PacketName, IsThatOfTheDocumentedExample) {
  const auto request = documented_request();
  EXPECT_EQ(packet_name(0, 1700000000, 123456, request.judge_uuid), "GCL9V200UAVBLDLILQLAD8AF9L5KIHQ58D0");
}

TEST(PacketName, SortsByPriorityThenTime) {
  const Uuid uuid = documented_request().judge_uuid;
  EXPECT_LT(packet_name(-1, 2000000000, 0, uuid), packet_name(0, 1700000000, 0, uuid));
  EXPECT_LT(packet_name(0, 1700000000, 4095, uuid), packet_name(0, 1700000000, 4096, uuid));
  EXPECT_LT(packet_name(0, 1700000000, 999999, uuid), packet_name(0, 1700000001, 0, uuid));
}

TEST(PacketName, ClampsThePriority) {
  EXPECT_EQ(packet_name(-17, 0, 0, {}), "0" + std::string(34, '0'));
  EXPECT_EQ(packet_name(-16, 0, 0, {})[0], '0');
  EXPECT_EQ(packet_name(15, 0, 0, {})[0], 'V');
  EXPECT_EQ(packet_name(16, 0, 0, {})[0], 'V');
}

TEST(PacketName, BeginsWithItsPriority) {
  for (int priority = -16; priority <= 15; ++priority) {
    const char digit = "0123456789ABCDEFGHIJKLMNOPQRSTUV"[priority + 16];
    EXPECT_EQ(packet_name(priority, 1700000000, 0, {})[0], digit) << priority;
  }
}

TEST(RunName, IsTheTextOfJudgeUuidThenUuidThenRunId) {
  CompileRequest request = documented_request();
  EXPECT_EQ(run_name(request), "a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf");
  request.judge_uuid = {};
  EXPECT_EQ(run_name(request), "10111213-1415-1617-1819-1a1b1c1d1e1f");
  request.use_uuid = 0;
  EXPECT_EQ(run_name(request), "000005");
  request.use_uuid = -1;
  EXPECT_EQ(run_name(request), "000005");
  request.use_uuid = 0;
  request.judge_uuid = documented_request().judge_uuid;
  request.run_id = 999999;
  EXPECT_EQ(run_name(request), "999999");
}

TEST(RunName, IsTheRunIdWhenBothUuidsAreEmpty) {
  CompileRequest request;
  request.run_id = 42;
  ASSERT_EQ(request.use_uuid, 1);
  EXPECT_EQ(run_name(request), "000042");
}

}  // namespace
}  // namespace ejf::packet
