// SPDX-License-Identifier: Apache-2.0
#include "packet/compile_request.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>

#include "samples.h"

namespace ejf::packet {
namespace {

using Kind = DecodeError::Kind;
constexpr std::int32_t k_least = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t k_most = std::numeric_limits<std::int32_t>::max();

std::string documented_packet() {
  return *encode_request(documented_request());
}

void expect_refused(const std::string& packet, Kind kind, std::string_view message) {
  auto request = decode_request(packet);
  ASSERT_FALSE(request) << "wanted: " << message;
  EXPECT_EQ(request.error().kind, kind);
  EXPECT_EQ(request.error().message, message);
}

TEST(Request, SurvivesEncodingInEveryVersion) {
  std::mt19937_64 random(20260819);
  for (const auto& version : k_request_versions) {
    for (int i = 0; i < 500; ++i) {
      const auto request = random_request(version.number, random);
      auto packet = encode_request(request);
      ASSERT_TRUE(packet) << packet.error().message;
      ASSERT_EQ(packet->size() % 16, 0U);
      auto again = decode_request(*packet);
      ASSERT_TRUE(again) << again.error().message;
      ASSERT_EQ(*again, request) << "version " << version.number << ", round " << i;
    }
  }
}

TEST(Request, TakesDefaultsForWhatItsVersionLacks) {
  for (const auto& version : k_request_versions) {
    CompileRequest request;
    request.version = version.number;
    EXPECT_EQ(decode_request(*encode_request(request)), request);
  }
  auto newest = documented_request();
  newest.enable_network = 1;
  newest.max_rss_size = 5;
  newest.version = 6;
  const auto oldest = *decode_request(*encode_request(newest));
  EXPECT_EQ(oldest.enable_network, -1);
  EXPECT_EQ(oldest.max_rss_size, 0);
  EXPECT_EQ(oldest.contest_server_id, "");
  EXPECT_TRUE(oldest.judge_uuid.is_empty());
  EXPECT_EQ(oldest.user_login, "ivan");
}

struct NumberBound {
  std::string_view name;
  std::size_t offset;  // in version 18
  std::int32_t low, high;
};

constexpr NumberBound k_number_bounds[] = {
    {"judge_id", 8, 0, 65535},
    {"contest_id", 12, 0, 999999},
    {"run_id", 16, 0, 999999},
    {"lang_id", 20, 0, k_most},
    {"locale_id", 24, 0, 127},
    {"output_only", 28, 0, 1},
    {"style_check_only", 72, 0, 1},
    {"ts1", 76, k_least, k_most},
    {"ts1_us", 80, 0, 999999},
    {"use_uuid", 104, k_least, k_most},
    {"use_container", 108, k_least, k_most},
    {"vcs_mode", 112, k_least, k_most},
    {"enable_network", 132, k_least, k_most},
    {"multi_header", 168, 0, 1},
    {"lang_header", 172, 0, 1},
    {"user_id", 176, k_least, k_most},
};

TEST(RequestReader, AcceptsNumbersUpToTheirBoundsAndNoFurther) {
  for (const auto& bound : k_number_bounds) {
    auto packet = documented_packet();
    for (std::int32_t good : {bound.low, bound.high}) {
      put_i32(packet, bound.offset, good);
      EXPECT_TRUE(decode_request(packet)) << bound.name << " " << good;
    }
    for (std::int64_t bad : {std::int64_t{bound.low} - 1, std::int64_t{bound.high} + 1}) {
      if (bad < k_least || bad > k_most) continue;
      put_i32(packet, bound.offset, static_cast<std::int32_t>(bad));
      const auto allowed = bound.high == k_most ? "0 or more" : fmt::format("{}..{}", bound.low, bound.high);
      expect_refused(packet, Kind::bad_field,
                     fmt::format("{} (offset {}) is {}, allowed: {}", bound.name, bound.offset, bad, allowed));
    }
  }
}

TEST(RequestReader, TakesTheCommandOfAControlPacketAsItIs) {
  auto packet = documented_packet();
  put_i32(packet, 12, 0);
  for (std::int32_t command : {1, 2, -1, k_least}) {
    put_i32(packet, 20, command);
    auto request = decode_request(packet);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->lang_id, command);
  }
}

struct TextBound {
  std::string_view name;
  std::string CompileRequest::*member;
  std::size_t offset;  // of the length, in version 18
  std::int32_t longest;
};

constexpr TextBound k_text_bounds[] = {
    {"style_checker", &CompileRequest::style_checker, 84, 4096},
    {"src_sfx", &CompileRequest::src_sfx, 88, 4096},
    {"lang_short_name", &CompileRequest::lang_short_name, 180, 4096},
    {"header_pat", &CompileRequest::header_pat, 184, 4096},
    {"footer_pat", &CompileRequest::footer_pat, 188, 4096},
    {"header_dir", &CompileRequest::header_dir, 192, 4096},
    {"compiler_env_pat", &CompileRequest::compiler_env_pat, 196, 4096},
    {"user_login", &CompileRequest::user_login, 200, 4095},
    {"exam_cypher", &CompileRequest::exam_cypher, 204, 4095},
    {"contest_server_id", &CompileRequest::contest_server_id, 208, 4095},
    {"container_options", &CompileRequest::container_options, 212, 4095},
    {"vcs_compile_cmd", &CompileRequest::vcs_compile_cmd, 216, 4095},
    {"compile_cmd", &CompileRequest::compile_cmd, 220, 4095},
    {"extra_src_dir", &CompileRequest::extra_src_dir, 224, 4095},
};

TEST(RequestReader, AcceptsTextsUpToTheirLengthAndNoFurther) {
  for (const auto& bound : k_text_bounds) {
    CompileRequest request;
    request.contest_id = 1;
    (request.*bound.member).assign(static_cast<std::size_t>(bound.longest), 'x');
    auto packet = encode_request(request);
    ASSERT_TRUE(packet) << packet.error().message;
    EXPECT_EQ(decode_request(*packet), request) << bound.name;

    // The bytes for one more are there: only the bound refuses it.
    packet->append(16, '\0');
    put_size(*packet);
    put_i32(*packet, bound.offset, bound.longest + 1);
    const auto message = fmt::format("length of {} (offset {}) is {}, allowed: 0..{}", bound.name, bound.offset,
                                     bound.longest + 1, bound.longest);
    expect_refused(*packet, Kind::bad_field, message);
    put_i32(*packet, bound.offset, -1);
    expect_refused(
        *packet, Kind::bad_field,
        fmt::format("length of {} (offset {}) is -1, allowed: 0..{}", bound.name, bound.offset, bound.longest));

    (request.*bound.member).push_back('x');
    auto refused = encode_request(request);
    ASSERT_FALSE(refused) << bound.name;
    EXPECT_EQ(refused.error().message, message);
  }
}

TEST(RequestReader, RefusesATextThatTheRestCannotHold) {
  CompileRequest request;
  request.extra_src_dir = std::string(16, 'x');
  auto packet = *encode_request(request);
  put_i32(packet, 224, 17);
  expect_refused(packet, Kind::bad_field, "extra_src_dir (offset 224) needs 17 bytes at 240, but 16 are left");
}

TEST(RequestReader, AcceptsTheLargestRunBlockThatFits) {
  CompileRequest request;
  request.run_block.assign(65536 - 240, '\xff');
  auto packet = encode_request(request);
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->size(), 65536U);
  EXPECT_EQ(decode_request(*packet), request);

  auto longer = *packet;
  put_i32(longer, 92, 65537);
  expect_refused(longer, Kind::bad_field, "length of run_block (offset 92) is 65537, allowed: 0..65536");
  put_i32(longer, 92, 65536);
  expect_refused(longer, Kind::bad_field, "run_block (offset 92) needs 65536 bytes at 240, but 65296 are left");

  request.run_block.push_back('x');
  auto too_large = encode_request(request);
  ASSERT_FALSE(too_large);
  EXPECT_EQ(too_large.error().message, "the packet would have 65552 bytes, more than 65536");
}

TEST(RequestReader, ChecksTheNumberOfStrings) {
  for (auto [name, offset] : {std::pair{"env", 96}, std::pair{"sc_env", 100}}) {
    auto packet = *encode_request(CompileRequest{});
    for (std::int32_t bad : {-1, 65537}) {
      put_i32(packet, static_cast<std::size_t>(offset), bad);
      expect_refused(packet, Kind::bad_field,
                     fmt::format("number of strings in {} (offset {}) is {}, allowed: 0..65536", name, offset, bad));
    }
    put_i32(packet, static_cast<std::size_t>(offset), 65536);
    expect_refused(packet, Kind::bad_field,
                   fmt::format("{} (offset {}) needs 262144 bytes at 240, but 0 are left", name, offset));
  }
}

TEST(RequestReader, ChecksTheLengthOfEachString) {
  CompileRequest request;
  request.env = {"one", "two"};
  const auto packet = *encode_request(request);
  for (std::int32_t bad : {-1, 65536, k_least, k_most}) {
    auto broken = packet;
    put_i32(broken, 244, bad);
    expect_refused(broken, Kind::bad_field, fmt::format("length of env[1] is {}, allowed: 0..65535", bad));
  }
  auto broken = packet;
  put_i32(broken, 244, 65535);
  expect_refused(broken, Kind::bad_field, "env (offset 96) needs 65538 bytes at 256, but 16 are left");
  put_i32(broken, 244, 14);
  expect_refused(broken, Kind::bad_field, "env (offset 96) needs 17 bytes at 256, but 16 are left");
  put_i32(broken, 244, 13);
  EXPECT_TRUE(decode_request(broken));
}

TEST(RequestReader, AcceptsAListThatFillsThePacket) {
  CompileRequest request;
  request.env = {std::string(65536 - 240 - 16, 'x')};
  EXPECT_EQ(decode_request(*encode_request(request)), request);
  // 16 bytes for every four empty strings.
  request.env.assign((65536 - 240) / 4, "");
  EXPECT_EQ(decode_request(*encode_request(request)), request);
}

TEST(RequestReader, RefusesAWrongFrame) {
  const auto packet = documented_packet();
  expect_refused("", Kind::not_a_packet, "0 bytes are too few for a packet");
  expect_refused(packet.substr(0, 7), Kind::not_a_packet, "7 bytes are too few for a packet");
  expect_refused(packet.substr(0, 367), Kind::not_a_packet, "packet_len (offset 0) is 368, but there are 367 bytes");
  expect_refused(packet + "x", Kind::not_a_packet, "packet_len (offset 0) is 368, but there are 369 bytes");

  auto odd = packet + "x";
  put_size(odd);
  expect_refused(odd, Kind::not_a_packet, "packet_len (offset 0) is 369, not a multiple of 16");
  auto negative = packet;
  put_i32(negative, 0, -368);
  expect_refused(negative, Kind::not_a_packet, "packet_len (offset 0) is -368, but there are 368 bytes");
  auto huge = packet + std::string(65536 - 368 + 16, '\0');
  put_size(huge);
  expect_refused(huge, Kind::not_a_packet, "65552 bytes are more than 65536");
  auto headless = packet.substr(0, 224);
  put_size(headless);
  expect_refused(headless, Kind::not_a_packet,
                 "packet_len (offset 0) is 224, but a request of version 18 has a header of 240 bytes");
}

TEST(RequestReader, RefusesBlocksBehindTheLastField) {
  auto packet = documented_packet() + std::string(16, '\0');
  put_size(packet);
  expect_refused(packet, Kind::bad_field, "16 bytes are behind the last field, which ends at 368");
  auto bare = *encode_request(CompileRequest{}) + std::string(32, 'x');
  put_size(bare);
  expect_refused(bare, Kind::bad_field, "32 bytes are behind the last field, which ends at 240");
}

TEST(RequestReader, IgnoresWhatStandsInPadding) {
  auto packet = documented_packet();
  for (std::size_t place : {228U, 239U, 244U, 255U, 280U, 287U, 328U, 335U, 355U, 367U}) {
    ASSERT_EQ(packet[place], '\0') << place;
    packet[place] = 'x';
  }
  EXPECT_EQ(decode_request(packet), documented_request());
}

TEST(RequestReader, RefusesVersionsThatWereNotReleased) {
  for (std::int32_t version : {-1, 0, 1, 5, 9, 10, 15, 17, 19, 0x12000000}) {
    auto packet = documented_packet();
    put_i32(packet, 4, version);
    expect_refused(packet, Kind::unknown_version,
                   fmt::format("version (offset 4) is {}, known: 6, 7, 8, 11, 12, 13, 14, 16, 18", version));
    EXPECT_EQ(decode_request(packet).error().version, version);
  }
  CompileRequest request;
  request.version = 17;
  EXPECT_FALSE(encode_request(request));
}

TEST(RequestWriter, RefusesWhatTheReaderWould) {
  auto refused = [](auto member, auto value) {
    auto request = documented_request();
    request.*member = value;
    return !encode_request(request);
  };
  using R = CompileRequest;
  EXPECT_TRUE(refused(&R::judge_id, 65536));
  EXPECT_TRUE(refused(&R::contest_id, -1));
  EXPECT_TRUE(refused(&R::contest_id, 1000000));
  EXPECT_TRUE(refused(&R::run_id, 1000000));
  EXPECT_TRUE(refused(&R::lang_id, -1));
  EXPECT_TRUE(refused(&R::locale_id, 128));
  EXPECT_TRUE(refused(&R::output_only, 2));
  EXPECT_TRUE(refused(&R::ts1_us, 1000000));
  EXPECT_TRUE(refused(&R::multi_header, -1));
  EXPECT_TRUE(refused(&R::env, std::vector<std::string>(65537)));
  EXPECT_TRUE(refused(&R::sc_env, std::vector{std::string(65536, 'x')}));
  EXPECT_FALSE(refused(&R::judge_id, 65535));
}

}  // namespace
}  // namespace ejf::packet
