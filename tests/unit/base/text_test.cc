// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <gtest/gtest.h>

#include <array>

namespace ejf {
namespace {

TEST(ParseSize, TakesSuffixesAndBlanksAndRefusesTheRest) {
  EXPECT_EQ(parse_size("10"), 10);
  EXPECT_EQ(parse_size("64M"), 64LL << 20);
  EXPECT_EQ(parse_size("2 g"), 2LL << 30);
  EXPECT_EQ(parse_size("-1"), -1);
  EXPECT_FALSE(parse_size(""));
  EXPECT_FALSE(parse_size("K"));
  EXPECT_FALSE(parse_size("10MB"));
  EXPECT_FALSE(parse_size("9999999999999T"));
}

TEST(FormatSize, UsesTheLargestExactSuffix) {
  EXPECT_EQ(format_size(1LL << 30), "1G");
  EXPECT_EQ(format_size(64LL << 20), "64M");
  EXPECT_EQ(format_size(16384), "16K");
  EXPECT_EQ(format_size(1000), "1000");
}

TEST(PlainName, RefusesWhatCouldLeaveADirectory) {
  EXPECT_TRUE(is_plain_name("vm"));
  EXPECT_TRUE(is_plain_name("GDC0Q8L00ELHS1J3KU2P59FUHCJ43VSMUOT"));
  for (std::string_view bad : {"", ".", "..", "../x", "a/b", ".hidden", "a\nb", "a\x7f"}) {
    EXPECT_FALSE(is_plain_name(bad)) << bad;
  }
  EXPECT_FALSE(is_plain_name(std::string(256, 'a')));
  EXPECT_FALSE(is_plain_name(std::string_view("a\0b", 3)));
}

TEST(PlainSuffix, AllowsALeadingDotButNoPath) {
  EXPECT_TRUE(is_plain_suffix(""));
  EXPECT_TRUE(is_plain_suffix(".cpp"));
  for (std::string_view bad : {"..", "../../etc/x", "/x", ".c/", ".c\n"}) EXPECT_FALSE(is_plain_suffix(bad)) << bad;
}

TEST(EscapeC, WritesWhatEjudgesParserReads) {
  EXPECT_EQ(escape_c("a\"b\\c'\n\x01\x7f\xd0"), "a\\\"b\\\\c\\'\\n\\x01\\x7f\xd0");
}

TEST(Nearest, FindsASlipAndLeavesNonsenseAlone) {
  constexpr std::array<std::string_view, 3> k_keys{"max_vm_size", "max_stack_size", "cmd"};
  EXPECT_EQ(nearest("max_vmsize", k_keys), "max_vm_size");
  EXPECT_FALSE(nearest("completely_other", k_keys));
}

TEST(HumanSize, PrintsOneUnit) {
  EXPECT_EQ(human_size(83), "83 B");
  EXPECT_EQ(human_size(15974), "15.6 KiB");
  EXPECT_EQ(human_size(3U << 20), "3.0 MiB");
}

}  // namespace
}  // namespace ejf
