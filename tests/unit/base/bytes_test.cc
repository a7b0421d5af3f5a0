// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

#include <gtest/gtest.h>

#include "base/uuid.h"

namespace ejf {
namespace {

TEST(ByteReader, RefusesToReadBeyondTheEndAndStaysWhereItIs) {
  ByteReader reader(std::string_view("\x01\x00\x00\x00\xff", 5));
  EXPECT_EQ(reader.i32(), 1);
  EXPECT_FALSE(reader.i32());
  EXPECT_EQ(reader.left(), 1U);
  EXPECT_FALSE(reader.take(2));
  EXPECT_EQ(reader.take(1), "\xff");
  EXPECT_EQ(reader.take(0), "");
}

TEST(ByteReader, TakesAHugeCountWithoutOverflow) {
  ByteReader reader("abcd");
  ASSERT_TRUE(reader.take(2));
  EXPECT_FALSE(reader.take(static_cast<std::size_t>(-1)));
}

TEST(ByteReader, AlignsFromTheStart) {
  std::string data(32, 'x');
  ByteReader reader(data);
  ASSERT_TRUE(reader.take(17));
  EXPECT_TRUE(reader.align(16));
  EXPECT_EQ(reader.position(), 32U);
  EXPECT_TRUE(reader.align(16));
  ByteReader shorter(std::string_view(data).substr(0, 20));
  ASSERT_TRUE(shorter.take(17));
  EXPECT_FALSE(shorter.align(16));
}

TEST(ByteWriter, WritesLittleEndianAndPatches) {
  ByteWriter writer;
  writer.i32(0);
  writer.i64(-2);
  writer.bytes("ab");
  writer.align(16);
  writer.patch_i32(0, 0x01020304);
  EXPECT_EQ(to_hex(writer.data()), "04030201feffffffffffffff61620000");
}

TEST(Uuid, PrintsBytesInMemoryOrderAndParsesThemBack) {
  std::string raw;
  for (int i = 0; i < 16; ++i) raw.push_back(static_cast<char>(0xa0 + i));
  Uuid uuid = Uuid::from_bytes(raw);
  EXPECT_EQ(uuid.text(), "a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf");
  EXPECT_EQ(Uuid::parse(uuid.text()), uuid);
  EXPECT_FALSE(Uuid::parse("a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeag"));
  EXPECT_FALSE(Uuid::parse("a0a1a2a3a4a5-a6a7-a8a9-aaabacadaeaf-"));
  EXPECT_TRUE(Uuid{}.is_empty());
  EXPECT_FALSE(Uuid::random() == Uuid::random());
}

}  // namespace
}  // namespace ejf
