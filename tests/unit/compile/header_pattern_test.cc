// SPDX-License-Identifier: Apache-2.0
#include "compile/header_pattern.h"

#include <gtest/gtest.h>

#include <array>
#include <climits>
#include <cstdio>
#include <string>

namespace ejf::compile {
namespace {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
std::string printed(const std::string& format, int value) {
  std::array<char, 1024> buffer;
  const int size = std::snprintf(buffer.data(), buffer.size(), format.c_str(), value);
  EXPECT_GE(size, 0);
  return {buffer.data(), static_cast<std::size_t>(size)};
}
#pragma GCC diagnostic pop

std::string expanded(const std::string& pattern, int value) {
  auto parsed = HeaderPattern::parse(pattern);
  EXPECT_TRUE(parsed) << parsed.error();
  return parsed ? parsed->expand(value) : "";
}

std::string complaint(std::string_view pattern) {
  auto parsed = HeaderPattern::parse(pattern);
  return parsed ? "" : parsed.error();
}

TEST(HeaderPattern, PrintsAsPrintfDoes) {
  const std::array<int, 12> values{1, 2, 9, 10, 255, 999, 1000, 65536, INT_MAX, 0, -1, INT_MIN};
  for (int flags = 0; flags < 32; ++flags) {
    std::string shown;
    for (unsigned bit = 0; bit < 5; ++bit) {
      if ((flags >> bit) & 1) shown += "-+ #0"[bit];
    }
    for (const char* places : {"", "1", "3", "12", "255", ".", ".0", ".1", ".5", "3.7", "12.4", "1.0"}) {
      for (char type : {'d', 'i', 'u', 'x', 'X', 'o'}) {
        const std::string pattern = "a%" + shown + places + type + "b";
        for (int value : values)
          EXPECT_EQ(expanded(pattern, value), printed(pattern, value)) << pattern << ' ' << value;
      }
    }
  }
}

TEST(HeaderPattern, TakesFlagsMoreThanOnce) {
  for (const char* pattern : {"%00-+- 5d", "%##x", "% +d", "%0003d"}) {
    EXPECT_EQ(expanded(pattern, 7), printed(pattern, 7)) << pattern;
  }
}

TEST(HeaderPattern, ExpandsTheUsualNames) {
  EXPECT_EQ(expanded("header_%03d", 7), "header_007");
  EXPECT_EQ(expanded("%d", 12), "12");
  EXPECT_EQ(expanded("sub/dir/%02d.h", 3), "sub/dir/03.h");
  EXPECT_EQ(expanded("100%%_%d_%%", 1), "100%_1_%");
  EXPECT_EQ(expanded("%%d", 1), "%d");
  EXPECT_EQ(expanded("..a/b..%d", 1), "..a/b..1");
  EXPECT_EQ(expanded("./a%d", 1), "./a1");
}

TEST(HeaderPattern, KnowsWhetherThereIsANumber) {
  EXPECT_TRUE(HeaderPattern::parse("header_%03d")->has_number());
  EXPECT_FALSE(HeaderPattern::parse("header_%%d")->has_number());
  EXPECT_FALSE(HeaderPattern::parse("")->has_number());
  EXPECT_EQ(expanded("header", 5), "header");
  EXPECT_TRUE(HeaderPattern::parse("")->empty());
  EXPECT_FALSE(HeaderPattern::parse("%d")->empty());
  EXPECT_FALSE(HeaderPattern::parse("%%")->empty());
}

TEST(HeaderPattern, RefusesOtherConversions) {
  for (const char* pattern : {"%s", "%n", "%p", "%c", "%f", "%ld", "%hhd", "%zu", "%*d", "%1$d", "%.*d", "%-%", "%'d",
                              "%.-1d", "a%sb", "%d%s", "%jd", "%Ld", "%5 d"}) {
    EXPECT_NE(complaint(pattern), "") << pattern;
  }
  EXPECT_EQ(complaint("a_%s"), "the pattern 'a_%s' has a conversion with 's', which is none of d i u x X o");
  EXPECT_EQ(complaint("%\n"), "the pattern '%\\n' has a conversion with '\\n', which is none of d i u x X o");
  EXPECT_EQ(complaint("%d_%d"), "the pattern '%d_%d' has more than one conversion");
  for (const char* pattern : {"%", "a%", "%d%", "%03", "%-", "%5.", "%%%"}) {
    EXPECT_NE(complaint(pattern), "") << pattern;
  }
  EXPECT_EQ(complaint("a%03"), "the pattern 'a%03' ends within a conversion");
}

TEST(HeaderPattern, BoundsTheNumberOfPlaces) {
  EXPECT_EQ(expanded("%255d", 1).size(), 255U);
  EXPECT_EQ(expanded("%.255d", 1).size(), 255U);
  EXPECT_EQ(complaint("%256d"), "the pattern '%256d' asks for more than 255 places");
  EXPECT_EQ(complaint("%.256d"), "the pattern '%.256d' asks for more than 255 places");
  EXPECT_NE(complaint("%99999999999999999999999999d"), "");
  EXPECT_NE(complaint("%.99999999999999999999999999d"), "");
}

TEST(HeaderPattern, StaysBelowItsDirectory) {
  EXPECT_EQ(complaint("/etc/passwd"), "the pattern '/etc/passwd' is an absolute path");
  EXPECT_EQ(complaint("%.0d/etc/passwd"), "the pattern '%.0d/etc/passwd' is an absolute path");
  EXPECT_EQ(complaint("../header_%d"), "the pattern '../header_%d' has a component '..'");
  for (const char* pattern : {"..", "a/..", "a/../b%d", "..%.0d/a", ".%.0d./a", "%.0d..", "/", "//a"}) {
    EXPECT_NE(complaint(pattern), "") << pattern;
  }
  EXPECT_EQ(complaint("a\nb%d"), "the pattern 'a\\nb%d' has a control character");
  EXPECT_NE(complaint("a\x7f"), "");
  EXPECT_NE(complaint(std::string_view("a\0b", 3)), "");
}

}  // namespace
}  // namespace ejf::compile
