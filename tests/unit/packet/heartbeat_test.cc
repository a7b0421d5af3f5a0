// SPDX-License-Identifier: Apache-2.0
#include "packet/heartbeat.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/bytes.h"
#include "packet/describe.h"
#include "samples.h"

namespace ejf::packet {
namespace {

Heartbeat full() {
  return {.timestamp_ms = 1'795'270'000'123,
          .last_handled_request_ms = 1'795'269'999'001,
          .start_time_ms = 1'795'200'000'000,
          .accumulated_ms = 12345,
          .request_count = 77,
          .instance_id = "instance",
          .queue = "vm",
          .ip_address = "10.0.0.7",
          .pid = 4711};
}

TEST(Heartbeat, ReadsWhatEjudgeWrote) {
  const auto heartbeat = try_decode_heartbeat(read_sample("heartbeat.bin"));
  ASSERT_TRUE(heartbeat);
  EXPECT_EQ(*heartbeat, (Heartbeat{.timestamp_ms = 0x1a1fe6aac25,
                                   .last_handled_request_ms = 0x1a1fe6a36d6,
                                   .start_time_ms = 0x1a1fe6881cd,
                                   .accumulated_ms = 16852,
                                   .request_count = 77,
                                   .instance_id = "",
                                   .queue = "vm",
                                   .ip_address = "",
                                   .pid = 10394}));
}

TEST(Heartbeat, ReadsTheDocumentedOneOfAnIdleServer) {
  // protocol: 62 bytes, no counters.
  const std::string bytes{
      "\x04\x00\x00\x00\xdc\xff\xff\xff\x9d\xf7\x64\xfe\xa1\x01\x00\x00\x72\x22\x63\xfe\xa1\x01\x00\x00\x08\x00\x00\x00"
      "\xa5\x18\x00\x00\x02\x00\x00\x00vm\x00\x00\x16\x00\x1c\x00\x04\x00\x00\x00\x0c\x00\x00\x00\x00\x00\x00\x00\x14"
      "\x00\x00\x00\x18\x00",
      62};
  const auto heartbeat = try_decode_heartbeat(bytes);
  ASSERT_TRUE(heartbeat);
  EXPECT_EQ(*heartbeat, (Heartbeat{.timestamp_ms = 0x1a1fe64f79d,
                                   .start_time_ms = 0x1a1fe632272,
                                   .instance_id = "",
                                   .queue = "vm",
                                   .ip_address = "",
                                   .pid = 0x18a5}));
}

TEST(Heartbeat, SurvivesEncoding) {
  EXPECT_EQ(try_decode_heartbeat(encode_heartbeat(full())), full());
  EXPECT_EQ(try_decode_heartbeat(encode_heartbeat({})), Heartbeat{});
}

/// Where the table's field `id` is, straight from the bytes; 0 when it is left out.
std::size_t field_offset(const std::string& bytes, std::size_t id) {
  const auto table = load_i32(bytes.data());
  const auto vtable = static_cast<std::size_t>(table - load_i32(bytes.data() + table));
  const auto at = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])); };
  const std::size_t slot = 4 + 2 * id;
  if (slot >= at(vtable)) return 0;
  const std::size_t offset = at(vtable + slot);
  return offset == 0 ? 0 : static_cast<std::size_t>(table) + offset;
}

TEST(Heartbeat, PutsEachFieldUnderItsNumber) {
  const std::string bytes = encode_heartbeat(full());
  ASSERT_NE(field_offset(bytes, 0), 0U);
  EXPECT_EQ(load_i64(bytes.data() + field_offset(bytes, 0)), full().timestamp_ms);
  EXPECT_EQ(load_i64(bytes.data() + field_offset(bytes, 1)), full().last_handled_request_ms);
  EXPECT_EQ(load_i64(bytes.data() + field_offset(bytes, 2)), full().start_time_ms);
  EXPECT_EQ(load_i64(bytes.data() + field_offset(bytes, 3)), full().accumulated_ms);
  EXPECT_EQ(load_i64(bytes.data() + field_offset(bytes, 4)), full().request_count);
  EXPECT_EQ(load_i32(bytes.data() + field_offset(bytes, 8)), full().pid);
  const std::size_t queue = field_offset(bytes, 6);
  const auto text = queue + static_cast<std::size_t>(load_i32(bytes.data() + queue));
  EXPECT_EQ(load_i32(bytes.data() + text), 2);
  EXPECT_EQ(bytes.substr(text + 4, 3), std::string("vm\0", 3));
}

TEST(Heartbeat, LeavesOutWhatIsZeroOrEmpty) {
  const std::string bytes = encode_heartbeat({.timestamp_ms = 1, .instance_id = "", .queue = "q", .ip_address = ""});
  EXPECT_NE(field_offset(bytes, 0), 0U);
  EXPECT_NE(field_offset(bytes, 6), 0U);
  for (std::size_t id : {1U, 2U, 3U, 4U, 5U, 7U, 8U}) EXPECT_EQ(field_offset(bytes, id), 0U) << id;
}

TEST(Heartbeat, RefusesEveryBeginningOfOne) {
  const std::string bytes = read_sample("heartbeat.bin");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(try_decode_heartbeat(std::string_view{bytes}.substr(0, size))) << size;
  }
}

TEST(Heartbeat, OutlivesAnyFlippedBit) {
  const std::string good = encode_heartbeat(full());
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bytes = good;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    const auto heartbeat = try_decode_heartbeat(bytes);
    if (!heartbeat) continue;
    EXPECT_EQ(try_decode_heartbeat(encode_heartbeat(*heartbeat)), heartbeat) << bit;
    EXPECT_FALSE(describe_heartbeat(*heartbeat).empty()) << bit;
  }
}

TEST(Heartbeat, IsShownToPeopleAndPrograms) {
  const std::string text = describe_heartbeat(full());
  for (const char* piece : {"pid 4711", "queue \"vm\"", "instance_id \"instance\"", "ip_address \"10.0.0.7\"",
                            "requests 77 in 12345 ms", "heartbeat of 2026-"}) {
    EXPECT_NE(text.find(piece), std::string::npos) << piece << " in " << text;
  }
  const auto json = boost::json::parse(heartbeat_to_json(full()));
  EXPECT_EQ(json.at("pid").as_int64(), 4711);
  EXPECT_EQ(json.at("accumulated_ms").as_int64(), 12345);
  EXPECT_EQ(json.at("instance_id").as_string(), "instance");
}

}  // namespace
}  // namespace ejf::packet
