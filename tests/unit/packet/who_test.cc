// SPDX-License-Identifier: Apache-2.0
// Whom to answer when a request is broken.
#include <gtest/gtest.h>

#include "packet/compile_reply.h"
#include "packet/compile_request.h"
#include "samples.h"

namespace ejf::packet {
namespace {

/// All that identifies `request`, and nothing else.
CompileRequest identification(const CompileRequest& request) {
  CompileRequest who;
  who.version = request.version;
  who.judge_id = request.judge_id;
  who.contest_id = request.contest_id;
  who.run_id = request.run_id;
  who.submit_id = request.submit_id;
  who.ts1 = request.ts1;
  who.ts1_us = request.ts1_us;
  who.use_uuid = request.use_uuid;
  who.uuid = request.uuid;
  who.judge_uuid = request.judge_uuid;
  who.run_block = request.run_block;
  who.src_sfx = request.src_sfx;
  who.contest_server_id = request.contest_server_id;
  return who;
}

std::optional<CompileRequest> who_sent(const std::string& packet) {
  auto request = decode_request(packet);
  EXPECT_FALSE(request) << "the packet should be broken";
  return request ? std::nullopt : request.error().who;
}

std::string documented_packet_with(std::size_t offset, std::int32_t value) {
  auto packet = *encode_request(documented_request());
  put_i32(packet, offset, value);
  return packet;
}

constexpr std::size_t k_locale_id = 24;
constexpr std::int32_t k_bad_locale = 128;

TEST(Who, IsKnownInEveryVersionWhenAnotherFieldIsBad) {
  std::mt19937_64 random(7);
  for (const auto& version : k_request_versions) {
    auto request = random_request(version.number, random);
    request.contest_id = 1;
    request.lang_id = 1;
    auto packet = *encode_request(request);
    put_i32(packet, k_locale_id, k_bad_locale);
    auto refused = decode_request(packet);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, DecodeError::Kind::bad_field);
    EXPECT_EQ(refused.error().version, version.number);
    EXPECT_EQ(refused.error().who, identification(request)) << version.number;
  }
}

TEST(Who, IsKnownWhenTheFrameIsWrong) {
  const auto expected = identification(documented_request());
  const auto packet = *encode_request(documented_request());
  EXPECT_EQ(who_sent(packet + std::string(16, '\0')), expected);
  EXPECT_EQ(who_sent(packet + "x"), expected);
  // The environment is cut off; contest_server_id ends at 306.
  for (std::size_t size : {306U, 320U, 367U}) EXPECT_EQ(who_sent(packet.substr(0, size)), expected) << size;
  EXPECT_FALSE(who_sent(packet.substr(0, 305)));
  EXPECT_FALSE(who_sent(packet.substr(0, 240)));
  EXPECT_FALSE(who_sent(packet.substr(0, 239)));
  EXPECT_FALSE(who_sent(packet.substr(0, 8)));
  EXPECT_FALSE(who_sent(packet.substr(0, 3)));
}

TEST(Who, NeedsOnlyTheRunBlockBeforeServersHadNames) {
  auto request = documented_request();
  request.version = 6;
  request.contest_server_id.clear();
  request.judge_uuid = {};
  const auto packet = *encode_request(request);
  // Header 160, src_sfx 16, run_block 24.
  EXPECT_EQ(who_sent(packet.substr(0, 200)), identification(request));
  EXPECT_FALSE(who_sent(packet.substr(0, 199)));
}

TEST(Who, HasItsMicrosecondsForcedIntoRange) {
  auto packet = documented_packet_with(80, 1000000);
  EXPECT_EQ(who_sent(packet)->ts1_us, 999999);
  put_i32(packet, 80, -5);
  EXPECT_EQ(who_sent(packet)->ts1_us, 0);
}

TEST(Who, IsUnknownWhenNoReplyCouldCarryIt) {
  EXPECT_FALSE(who_sent(documented_packet_with(8, 65536)));  // judge_id
  EXPECT_FALSE(who_sent(documented_packet_with(8, -1)));
  EXPECT_FALSE(who_sent(documented_packet_with(12, 1000000)));  // contest_id
  EXPECT_FALSE(who_sent(documented_packet_with(12, -1)));
  EXPECT_FALSE(who_sent(documented_packet_with(16, 1000000)));  // run_id
  auto control = documented_packet_with(12, 0);
  put_i32(control, k_locale_id, k_bad_locale);
  EXPECT_FALSE(who_sent(control)) << "nobody waits for an answer to a control packet";
}

TEST(Who, IsUnknownWhenATextBeforeTheServerIdCannotBeLocated) {
  for (std::size_t offset : {84U, 88U, 92U, 180U, 184U, 188U, 192U, 196U, 200U, 204U, 208U}) {
    EXPECT_FALSE(who_sent(documented_packet_with(offset, -1))) << offset;
    EXPECT_FALSE(who_sent(documented_packet_with(offset, 100000))) << offset;
  }
  for (std::size_t offset : {96U, 100U, 212U, 216U, 220U, 224U}) {
    EXPECT_TRUE(who_sent(documented_packet_with(offset, -1))) << offset;
  }
}

TEST(Who, IsKnownWhenATextIsTooLongButThere) {
  auto request = documented_request();
  request.header_dir.assign(4096, 'x');
  auto packet = *encode_request(request);
  put_i32(packet, 192, 4097);
  packet.insert(240 + 16 + 32 + 4096, 16, 'x');
  put_size(packet);
  EXPECT_EQ(who_sent(packet), identification(request));
}

TEST(Who, IsUnknownForAnUnknownVersion) {
  EXPECT_FALSE(who_sent(documented_packet_with(4, 17)));
  EXPECT_FALSE(who_sent(documented_packet_with(4, 19)));
}

TEST(Who, CanAlwaysBeAnswered) {
  std::mt19937_64 random(8);
  for (const auto& version : k_request_versions) {
    auto packet = *encode_request(random_request(version.number, random));
    for (std::size_t i = 0; i < packet.size(); ++i) {
      auto broken = packet;
      broken[i] = static_cast<char>(broken[i] ^ 0x80);
      auto request = decode_request(broken);
      if (request || !request.error().who) continue;
      EXPECT_TRUE(encode_reply(make_reply(*request.error().who), request.error().who->version)) << i;
    }
  }
}

}  // namespace
}  // namespace ejf::packet
