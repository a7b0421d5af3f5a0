// SPDX-License-Identifier: Apache-2.0
#include "packet/compile_reply.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "samples.h"

namespace ejf::packet {
namespace {

std::string documented_packet() {
  return *encode_reply(documented_reply(), 18);
}

std::string refusal(const std::string& packet, ReplyLayout layout = ReplyLayout::r128) {
  auto reply = decode_reply(packet, layout);
  return reply ? "accepted" : reply.error().message;
}

TEST(Reply, SurvivesEncodingInEveryLayout) {
  std::mt19937_64 random(1);
  for (const auto& version : k_request_versions) {
    for (int i = 0; i < 300; ++i) {
      const auto reply = random_reply(version.number, random);
      auto packet = encode_reply(reply, version.number);
      ASSERT_TRUE(packet) << packet.error().message;
      EXPECT_EQ(load_i32(packet->data() + 4), 1) << "the version field is 1 in every release";
      auto again = decode_reply(*packet, version.reply);
      ASSERT_TRUE(again) << again.error().message;
      ASSERT_EQ(*again, reply) << "version " << version.number;
      EXPECT_EQ(plausible_layouts(*packet), std::vector{version.reply}) << "version " << version.number;
    }
  }
}

TEST(Reply, EchoesTheRequest) {
  std::mt19937_64 random(2);
  const auto request = random_request(18, random);
  const auto reply = make_reply(request);
  EXPECT_EQ(reply.judge_id, request.judge_id);
  EXPECT_EQ(reply.contest_id, request.contest_id);
  EXPECT_EQ(reply.run_id, request.run_id);
  EXPECT_EQ(reply.submit_id, request.submit_id);
  EXPECT_EQ(reply.ts1, request.ts1);
  EXPECT_EQ(reply.ts1_us, request.ts1_us);
  EXPECT_EQ(reply.use_uuid, request.use_uuid);
  EXPECT_EQ(reply.uuid, request.uuid);
  EXPECT_EQ(reply.judge_uuid, request.judge_uuid);
  EXPECT_EQ(reply.run_block, request.run_block);
  EXPECT_EQ(reply.status, RunStatus::check_failed);
}

TEST(Reply, IsNotEncodedForUnknownRequestVersions) {
  for (int version : {0, 1, 5, 9, 17, 19}) EXPECT_FALSE(encode_reply(documented_reply(), version)) << version;
}

TEST(ReplyReader, AcceptsNumbersUpToTheirBoundsAndNoFurther) {
  struct Bound {
    std::size_t offset;
    std::int32_t low, high;
  };
  constexpr Bound k_bounds[] = {{8, 0, 65535},   {12, 1, 999999}, {16, 0, 999999},
                                {36, 0, 999999}, {44, 0, 999999}, {52, 0, 999999}};
  for (const auto& bound : k_bounds) {
    auto packet = documented_packet();
    for (std::int32_t good : {bound.low, bound.high}) {
      put_i32(packet, bound.offset, good);
      EXPECT_EQ(refusal(packet), "accepted") << bound.offset;
    }
    for (std::int32_t bad : {bound.low - 1, bound.high + 1}) {
      put_i32(packet, bound.offset, bad);
      EXPECT_NE(refusal(packet), "accepted") << bound.offset << " " << bad;
    }
  }
}

TEST(ReplyReader, AcceptsFourStatuses) {
  auto packet = documented_packet();
  for (std::int32_t status = -2; status < 300; ++status) {
    put_i32(packet, 20, status);
    const bool is_known = status == 0 || status == 1 || status == 6 || status == 14;
    EXPECT_EQ(refusal(packet) == "accepted", is_known) << status;
  }
  put_i32(packet, 20, 2);
  EXPECT_EQ(refusal(packet), "status (offset 20) is 2, allowed: 0, 1, 6 or 14");
}

TEST(ReplyReader, RefusesAWrongFrame) {
  const auto packet = documented_packet();
  EXPECT_EQ(refusal(packet.substr(0, 4)), "4 bytes are too few for a packet");
  EXPECT_EQ(refusal(packet.substr(0, 159)), "packet_len (offset 0) is 160, but there are 159 bytes");
  auto versioned = packet;
  put_i32(versioned, 4, 4);
  EXPECT_EQ(refusal(versioned), "version (offset 4) is 4, allowed: 1");
  EXPECT_EQ(decode_reply(versioned, ReplyLayout::r128).error().kind, DecodeError::Kind::unknown_version);
  auto headless = packet.substr(0, 112);
  put_size(headless);
  EXPECT_EQ(refusal(headless), "packet_len (offset 0) is 112, but the header has 128 bytes");
  auto longer = packet + std::string(16, '\0');
  put_size(longer);
  EXPECT_EQ(refusal(longer), "16 bytes are behind the last field, which ends at 160");
  auto cut = packet;
  put_i32(cut, 56, 33);
  EXPECT_EQ(refusal(cut), "run_block (offset 56) needs 33 bytes at 128, but 32 are left");
  put_i32(cut, 56, 65537);
  EXPECT_EQ(refusal(cut), "length of run_block (offset 56) is 65537, allowed: 0..65536");
  put_i32(cut, 56, -1);
  EXPECT_EQ(refusal(cut), "length of run_block (offset 56) is -1, allowed: 0..65536");
}

TEST(ReplyReader, TakesASuffixThatFillsItsPlace) {
  auto reply = documented_reply();
  for (std::size_t length : {0U, 1U, 5U, 15U, 16U}) {
    reply.prop_sfx = std::string(length, 's');
    EXPECT_EQ(decode_reply(*encode_reply(reply, 18), ReplyLayout::r128), reply) << length;
  }
  reply.prop_sfx = std::string(17, 's');
  auto refused = encode_reply(reply, 18);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "length of prop_sfx (offset 112) is 17, allowed: 0..16");
}

TEST(ReplyWriter, RefusesWhatEjContestsWould) {
  auto refused = [](auto member, auto value) {
    auto reply = documented_reply();
    reply.*member = value;
    return !encode_reply(reply, 18);
  };
  using R = CompileReply;
  EXPECT_TRUE(refused(&R::contest_id, 0));
  EXPECT_TRUE(refused(&R::judge_id, -1));
  EXPECT_TRUE(refused(&R::run_id, 1000000));
  EXPECT_TRUE(refused(&R::ts2_us, 1000000));
  EXPECT_TRUE(refused(&R::ts3_us, -1));
  EXPECT_TRUE(refused(&R::status, static_cast<RunStatus>(2)));
  EXPECT_TRUE(refused(&R::run_block, std::string(65536 - 128 + 1, 'x')));
  EXPECT_FALSE(refused(&R::run_block, std::string(65536 - 128, 'x')));
}

TEST(PlausibleLayouts, AreNoneForOtherBytes) {
  EXPECT_TRUE(plausible_layouts("").empty());
  EXPECT_TRUE(plausible_layouts(read_sample("request-v18.bin")).empty());
  auto packet = documented_packet();
  packet.back() = 'x';  // padding that no writer of ejudge leaves
  EXPECT_TRUE(plausible_layouts(packet).empty());
}

TEST(RunStatus, HasNames) {
  EXPECT_EQ(status_name(RunStatus::ok), "OK");
  EXPECT_EQ(status_name(RunStatus::compile_error), "compile error");
  EXPECT_EQ(status_name(RunStatus::check_failed), "check failed");
  EXPECT_EQ(status_name(RunStatus::style_error), "style error");
}

}  // namespace
}  // namespace ejf::packet
