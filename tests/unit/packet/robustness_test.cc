// SPDX-License-Identifier: Apache-2.0
// Packets cut at every byte and changed at every byte: each decodes or is refused, and nothing is read beyond the end
// (AddressSanitizer sees it, as the packet lies in a block of exactly its size) or allocated without need.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "packet/compile_reply.h"
#include "packet/compile_request.h"
#include "samples.h"

namespace {

/// Bytes asked of operator new since the last reset.
std::size_t g_allocated = 0;

}  // namespace

void* operator new(std::size_t size) {
  g_allocated += size;
  void* memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace ejf::packet {
namespace {

/// What decodes must be encodable, and mean the same afterwards. True if it decodes.
bool decode_request_twice(std::string_view packet) {
  const ExactCopy copy(packet);
  auto request = decode_request(copy.view());
  if (!request) {
    EXPECT_FALSE(request.error().message.empty());
    return false;
  }
  auto again = encode_request(*request);
  EXPECT_TRUE(again);
  EXPECT_TRUE(again && decode_request(*again) == *request);
  return true;
}

bool decode_reply_twice(std::string_view packet, std::int32_t request_version) {
  const ExactCopy copy(packet);
  auto reply = decode_reply(copy.view(), reply_layout(request_version));
  if (!reply) return false;
  auto again = encode_reply(*reply, request_version);
  EXPECT_TRUE(again);
  EXPECT_TRUE(again && decode_reply(*again, reply_layout(request_version)) == *reply);
  return true;
}

/// Calls `visit` with `packet` after every change of one byte to `value(original byte, step)`.
template <typename Visit>
void change_every_byte(std::string packet, const std::vector<int>& differences, Visit visit) {
  for (std::size_t i = 0; i < packet.size(); ++i) {
    const char original = packet[i];
    for (int difference : differences) {
      packet[i] = static_cast<char>(original ^ difference);
      visit(packet);
    }
    packet[i] = original;
  }
}

std::vector<int> all_differences() {
  std::vector<int> differences;
  for (int difference = 1; difference < 256; ++difference) differences.push_back(difference);
  return differences;
}

TEST(RequestReader, RefusesEveryTruncation) {
  std::mt19937_64 random(3);
  for (const auto& version : k_request_versions) {
    const auto packet = *encode_request(random_request(version.number, random));
    for (std::size_t size = 0; size < packet.size(); ++size) {
      EXPECT_FALSE(decode_request_twice(packet.substr(0, size))) << size;
      // Also when packet_len agrees: the fields have no room, or the size is no multiple of 16.
      auto shorter = packet.substr(0, size);
      if (size >= 4) put_size(shorter);
      EXPECT_FALSE(decode_request_twice(shorter)) << "version " << version.number << ", size " << size;
    }
  }
}

TEST(RequestReader, StandsEveryChangeOfOneByte) {
  std::size_t accepted = 0;
  std::size_t seen = 0;
  change_every_byte(read_sample("request-v18.bin"), all_differences(), [&](const std::string& packet) {
    accepted += decode_request_twice(packet) ? 1U : 0U;
    ++seen;
  });
  EXPECT_EQ(seen, 368U * 255U);
  // Values without a range, texts and padding may change, lengths and counts may not.
  EXPECT_GT(accepted, seen / 4);
  EXPECT_LT(accepted, seen);
}

TEST(RequestReader, StandsChangesInEveryVersion) {
  std::mt19937_64 random(4);
  for (const auto& version : k_request_versions) {
    const auto packet = *encode_request(random_request(version.number, random));
    change_every_byte(packet, {0x01, 0x02, 0x10, 0x80, 0xff},
                      [](const std::string& changed) { decode_request_twice(changed); });
  }
}

TEST(RequestReader, StandsChangesOfRecordedPackets) {
  for (const auto& name : sample_cases()) {
    change_every_byte(read_sample(name + "/request.bin"), {0x01, 0x80, 0xff},
                      [](const std::string& changed) { decode_request_twice(changed); });
  }
}

TEST(ReplyReader, RefusesEveryTruncation) {
  std::mt19937_64 random(5);
  for (const auto& version : k_request_versions) {
    auto reply = random_reply(version.number, random);
    reply.run_block = "block";
    const auto packet = *encode_reply(reply, version.number);
    for (std::size_t size = 0; size < packet.size(); ++size) {
      EXPECT_FALSE(decode_reply_twice(packet.substr(0, size), version.number)) << size;
      auto shorter = packet.substr(0, size);
      if (size >= 4) put_size(shorter);
      EXPECT_FALSE(decode_reply_twice(shorter, version.number)) << size;
      EXPECT_TRUE(plausible_layouts(packet.substr(0, size)).empty()) << size;
    }
  }
}

TEST(ReplyReader, StandsEveryChangeOfOneByte) {
  std::size_t accepted = 0;
  change_every_byte(read_sample("reply-v18.bin"), all_differences(),
                    [&](const std::string& packet) { accepted += decode_reply_twice(packet, 18) ? 1U : 0U; });
  EXPECT_GT(accepted, 0U);
  EXPECT_LT(accepted, 160U * 255U);
}

TEST(ReplyReader, StandsChangesInEveryLayout) {
  std::mt19937_64 random(6);
  for (std::int32_t version : {6, 11, 16, 18}) {
    change_every_byte(*encode_reply(random_reply(version, random), version), {0x01, 0x02, 0x10, 0x80, 0xff},
                      [&](const std::string& changed) { decode_reply_twice(changed, version); });
  }
}

TEST(RequestReader, AllocatesNothingForStringsThatAreNotThere) {
  // 16320 strings of 65535 bytes each would be 1 GiB: as many lengths as a packet can hold, and no string.
  auto request = documented_request();
  request.run_block.clear();
  request.env.clear();
  auto packet = *encode_request(request);
  const std::size_t number = (65536 - packet.size()) / 4;
  put_i32(packet, 96, static_cast<std::int32_t>(number));
  while (packet.size() < 65536) packet.append("\xff\xff\0\0", 4);
  put_size(packet);

  g_allocated = 0;
  auto refused = decode_request(packet);
  const std::size_t allocated = g_allocated;
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("env (offset 96) needs"), std::string::npos) << refused.error().message;
  EXPECT_LT(allocated, 16384U);

  put_i32(packet, 96, 65536);
  g_allocated = 0;
  EXPECT_FALSE(decode_request(packet));
  EXPECT_LT(g_allocated, 16384U);
}

TEST(RequestReader, AllocatesInProportionToThePacket) {
  CompileRequest request;
  request.env.assign((65536 - 240) / 4, "");
  const auto packet = *encode_request(request);
  g_allocated = 0;
  EXPECT_TRUE(decode_request(packet));
  EXPECT_LT(g_allocated, packet.size() * 12);
}

}  // namespace
}  // namespace ejf::packet
