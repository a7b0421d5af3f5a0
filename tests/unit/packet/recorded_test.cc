// SPDX-License-Identifier: Apache-2.0
// Packets that ejudge wrote, against what was noted about them when they were recorded.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/bytes.h"
#include "packet/compile_reply.h"
#include "packet/compile_request.h"
#include "packet/describe.h"
#include "packet/names.h"
#include "samples.h"

namespace ejf::packet {
namespace {

namespace json = boost::json;

constexpr std::string_view k_documented_request =
    "7001000012000000070000000100000005000000030000000000000000000000"
    "0000000000000000ffffffffffffffffffffffffffffffffffffffffffffffff"
    "00000000000000000000000000f1536540e20100000000000400000018000000"
    "0200000000000000010000000000000000000000000000000000000000000000"
    "00000000ffffffff101112131415161718191a1b1c1d1e1fa0a1a2a3a4a5a6a7"
    "a8a9aaabacadaeaf000000000000000001000000000000000000000000000000"
    "0000000000000000040000000000000002000000000000000000000000000000"
    "000000000000000000000000000000002e637070000000000000000000000000"
    "0000000000000000010000000000000000000000000000000000000000000000"
    "6976616e000000000000000000000000766d0000000000000000000000000000"
    "10000000030000000000000000000000454a554447455f464c4147533d2d4f32"
    "413d6200000000000000000000000000";

constexpr std::string_view k_documented_reply =
    "a000000001000000070000000100000005000000000000000000000000000000"
    "00f1536540e2010001f153650100000002f15365020000001800000001000000"
    "00000000000000000000000000000000101112131415161718191a1b1c1d1e1f"
    "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf00000000000000000000000000000000"
    "0000000000000000010000000000000000000000000000000000000000000000";

TEST(DocumentedPackets, AreWhatTheStructsEncodeTo) {
  auto request = encode_request(documented_request());
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(to_hex(*request), k_documented_request);
  EXPECT_EQ(*request, read_sample("request-v18.bin"));
  auto reply = encode_reply(documented_reply(), 18);
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(to_hex(*reply), k_documented_reply);
  EXPECT_EQ(*reply, read_sample("reply-v18.bin"));
}

TEST(DocumentedPackets, DecodeToTheStructs) {
  EXPECT_EQ(decode_request(read_sample("request-v18.bin")), documented_request());
  EXPECT_EQ(decode_reply(read_sample("reply-v18.bin"), ReplyLayout::r128), documented_reply());
}

/// Every key of a case's note must stand in our JSON, three of them under another name.
void expect_same_fields(const json::object& noted, json::object decoded, const std::string& name) {
  decoded["env_vars"] = decoded["env"];
  decoded["sc_env_vars"] = decoded["sc_env"];
  decoded["run_block_len"] = decoded.at("run_block").as_string().size() / 2;
  for (const auto& [key, value] : noted) {
    ASSERT_TRUE(decoded.contains(key)) << name << ": " << key;
    EXPECT_EQ(decoded.at(key), value) << name << ": " << key;
  }
}

TEST(RecordedCases, DecodeToWhatWasNotedAndEncodeToTheSameBytes) {
  const auto cases = sample_cases();
  ASSERT_GE(cases.size(), 48U);
  for (const auto& name : cases) {
    const auto note = json::parse(read_sample(name + "/case.json")).as_object();
    const auto packet = read_sample(name + "/request.bin");
    auto request = decode_request(packet);
    ASSERT_TRUE(request) << name << ": " << request.error().message;
    expect_same_fields(note.at("request").as_object(), json::parse(request_to_json(*request)).as_object(), name);
    EXPECT_EQ(encode_request(*request), packet) << name;
    EXPECT_EQ(run_name(*request), std::string_view(note.at("run_name").as_string())) << name;
    EXPECT_EQ(packet_name(0, request->ts1, request->ts1_us, request->judge_uuid),
              std::string_view(note.at("packet_name").as_string()))
        << name;
  }
}

TEST(RecordedCases, HaveRepliesThatDecodeAndEchoTheRequest) {
  for (const auto& name : sample_cases()) {
    const auto note = json::parse(read_sample(name + "/case.json")).as_object();
    const auto packet = read_sample(name + "/reply.bin");
    auto reply = decode_reply(packet, ReplyLayout::r128);
    ASSERT_TRUE(reply) << name << ": " << reply.error().message;
    EXPECT_EQ(encode_reply(*reply, 18), packet) << name;
    EXPECT_EQ(plausible_layouts(packet), std::vector{ReplyLayout::r128}) << name;
    auto noted = note.at("reply").as_object();
    noted.erase("status_name");  // the recorder's own spelling
    expect_same_fields(noted, json::parse(reply_to_json(*reply)).as_object(), name);

    auto expected = make_reply(*decode_request(read_sample(name + "/request.bin")));
    expected.status = reply->status;
    expected.ts2 = reply->ts2;
    expected.ts2_us = reply->ts2_us;
    expected.ts3 = reply->ts3;
    expected.ts3_us = reply->ts3_us;
    expected.prepended_size = reply->prepended_size;
    expected.has_run_props = reply->has_run_props;
    expected.prop_sfx = reply->prop_sfx;
    expected.zip_mode = reply->zip_mode;
    EXPECT_EQ(*reply, expected) << name;
  }
}

}  // namespace
}  // namespace ejf::packet
