// SPDX-License-Identifier: Apache-2.0
#include "packet/describe.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "packet/codec.h"
#include "packet/utf8.h"
#include "samples.h"

namespace ejf::packet {
namespace {

namespace json = boost::json;

TEST(DescribeRequest, ShowsWhatIsNotDefault) {
  EXPECT_EQ(describe_request(documented_request()),
            "compile request, version 18 (ejudge 3.13 and later), 368 bytes\n"
            "  judge_id 7   contest_id 1   run_id 5   lang_id 3   ts1 1700000000 (2023-11-14T22:13:20Z)\n"
            "  ts1_us 123456   src_sfx \".cpp\"\n"
            "  run_block 24 bytes: 000000000000000001000000000000000000000000000000\n"
            "  env \"EJUDGE_FLAGS=-O2\" \"A=b\"   uuid 10111213-1415-1617-1819-1a1b1c1d1e1f\n"
            "  judge_uuid a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf   user_id 1   user_login \"ivan\"\n"
            "  contest_server_id \"vm\"\n");
}

TEST(DescribeRequest, NamesTheReleasesOfItsVersion) {
  CompileRequest request;
  request.version = 8;
  EXPECT_EQ(describe_request(request), "compile request, version 8 (ejudge 3.9), 176 bytes\n");
}

TEST(DescribeRequest, ShowsSizesWithAUnit) {
  CompileRequest request;
  request.max_vm_size = 64 << 20;
  request.max_stack_size = 0;
  EXPECT_EQ(describe_request(request),
            "compile request, version 18 (ejudge 3.13 and later), 240 bytes\n"
            "  max_vm_size 67108864 (64.0 MiB)   max_stack_size 0\n");
}

TEST(DescribeRequest, EscapesWhatATerminalMightObey) {
  CompileRequest request;
  request.user_login = "\x1b[31m\n";
  request.exam_cypher =
      "\xc2\x9b"
      "31m";
  request.header_dir = "/\xd0\xb6";
  request.compile_cmd = "\xff\"\xd0\xb6";
  EXPECT_EQ(describe_request(request),
            "compile request, version 18 (ejudge 3.13 and later), 304 bytes\n"
            "  header_dir \"/\xd0\xb6\"   user_login \"\\x1b[31m\\n\"   exam_cypher \"\\xc2\\x9b31m\"\n"
            "  compile_cmd \"\\xff\\\"\\xd0\\xb6\"\n");
}

TEST(DescribeRequest, CutsALongRunBlock) {
  CompileRequest request;
  request.run_block = std::string(1000, 'a');
  EXPECT_NE(describe_request(request).find("run_block 1000 bytes: 6161"), std::string::npos);
  EXPECT_LT(describe_request(request).size(), 300U);
}

TEST(DescribeReply, ShowsTheStatusByName) {
  EXPECT_EQ(describe_reply(documented_reply(), ReplyLayout::r128),
            "compile reply to a request of version 18, 160 bytes\n"
            "  judge_id 7   contest_id 1   run_id 5   status 0 (OK)   ts1 1700000000 (2023-11-14T22:13:20Z)\n"
            "  ts1_us 123456   ts2 1700000001 (2023-11-14T22:13:21Z)   ts2_us 1\n"
            "  ts3 1700000002 (2023-11-14T22:13:22Z)   ts3_us 2\n"
            "  run_block 24 bytes: 000000000000000001000000000000000000000000000000\n"
            "  uuid 10111213-1415-1617-1819-1a1b1c1d1e1f   judge_uuid a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf\n");
  CompileReply reply;
  reply.contest_id = 1;
  EXPECT_EQ(describe_reply(reply, ReplyLayout::r112a),
            "compile reply to a request of version 11, 12, 13, 14, 112 bytes\n"
            "  contest_id 1   status 6 (check failed)\n");
}

TEST(RequestJson, HasEveryField) {
  const auto object = json::parse(request_to_json(CompileRequest{})).as_object();
  for (const auto& slot : layouts_of<CompileRequest>().back()) EXPECT_TRUE(object.contains(slot.field->name));
  EXPECT_EQ(object.size(), 45U);
  EXPECT_EQ(object.at("version"), 18);
  EXPECT_EQ(object.at("max_vm_size"), -1);
  EXPECT_EQ(object.at("env"), json::array{});
}

TEST(RequestJson, GivesBytesThatAreNotTextAsHex) {
  CompileRequest request;
  request.user_login = "\xff";
  request.exam_cypher = std::string("a\0\x1b\"", 4);
  request.env = {"\xd0\xb6", "\xd0"};
  request.run_block = "AB";
  const auto object = json::parse(request_to_json(request)).as_object();
  EXPECT_EQ(object.at("user_login"), (json::object{{"hex", "ff"}}));
  EXPECT_EQ(object.at("exam_cypher").as_string(), std::string_view("a\0\x1b\"", 4));
  EXPECT_EQ(object.at("env"), (json::array{"\xd0\xb6", json::object{{"hex", "d0"}}}));
  EXPECT_EQ(object.at("run_block"), "4142");
}

TEST(ReplyJson, HasEveryFieldAndTheNameOfTheStatus) {
  const auto object = json::parse(reply_to_json(documented_reply())).as_object();
  for (const auto& slot : layouts_of<CompileReply>().back()) EXPECT_TRUE(object.contains(slot.field->name));
  EXPECT_EQ(object.size(), 21U);
  EXPECT_EQ(object.at("status"), 0);
  EXPECT_EQ(object.at("status_name"), "OK");
  EXPECT_EQ(object.at("judge_uuid"), "a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf");
}

TEST(Json, IsAlwaysWellFormed) {
  std::mt19937_64 random(9);
  for (int i = 0; i < 300; ++i) {
    boost::json::error_code error;
    json::parse(request_to_json(random_request(18, random)), error);
    ASSERT_FALSE(error) << error.message();
    json::parse(reply_to_json(random_reply(18, random)), error);
    ASSERT_FALSE(error) << error.message();
  }
}

TEST(Utf8, KnowsWhatIsWellFormed) {
  for (const char* good : {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const char* bad : {"\x80", "\xbf", "\xc0\xaf", "\xc1\xbf", "\xc2",
                          "\xc2"
                          "a",
                          "\xe0\x9f\xbf", "\xe1\x80", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
                          "\xf5\x80\x80\x80", "\xff"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
  EXPECT_TRUE(is_printable_utf8("\xc2\xa0"));
  EXPECT_FALSE(is_printable_utf8("\xc2\x9b"));
}

}  // namespace
}  // namespace ejf::packet
