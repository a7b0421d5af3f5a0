// SPDX-License-Identifier: Apache-2.0
#include "config/cfg_line.h"

#include <gtest/gtest.h>

namespace ejf::config {
namespace {

std::string value_of(std::string_view line) {
  auto parsed = parse_cfg_line(line);
  return parsed ? parsed->value : "error: " + parsed.error().message;
}

std::string error_of(std::string_view line) {
  auto parsed = parse_cfg_line(line);
  return parsed ? "" : parsed.error().message;
}

TEST(CfgLine, TellsTheKindsApart) {
  using Kind = CfgLine::Kind;
  const auto kind_of = [](std::string_view line) { return parse_cfg_line(line).value().kind; };
  EXPECT_EQ(kind_of(""), Kind::blank);
  EXPECT_EQ(kind_of(" \t "), Kind::blank);
  for (std::string_view comment : {"# x", "  % x [y]", ";x = 1"}) EXPECT_EQ(kind_of(comment), Kind::comment) << comment;
  EXPECT_EQ(kind_of("  [language]  "), Kind::section);
  EXPECT_EQ(kind_of("x"), Kind::parameter);
  EXPECT_EQ(kind_of("@include x y"), Kind::directive);
  EXPECT_EQ(parse_cfg_line("@include x y ")->value, "x y");
}

TEST(CfgLine, ReadsABareNameAsOne) {
  for (std::string_view line : {"binary", "  binary  ", "binary # why", "binary;"}) {
    auto parsed = parse_cfg_line(line);
    ASSERT_TRUE(parsed) << line;
    EXPECT_EQ(parsed->name, "binary");
    EXPECT_EQ(parsed->value, "1");
    EXPECT_TRUE(parsed->bare);
  }
}

TEST(CfgLine, EndsAValueAtABlankOrAComment) {
  EXPECT_EQ(value_of("x=a"), "a");
  EXPECT_EQ(value_of("x  =\t a  "), "a");
  EXPECT_EQ(value_of("x = a# c"), "a");
  EXPECT_EQ(value_of("x = a;c"), "a");
  EXPECT_EQ(value_of("x = a%c"), "a%c");
  EXPECT_EQ(value_of("x ="), "");
  EXPECT_EQ(value_of("x = # c"), "");
  EXPECT_EQ(value_of("x = \"\" ; c"), "");
}

TEST(CfgLine, JoinsQuotedPieces) {
  EXPECT_EQ(value_of("x = \"a b\"c'd \"e'"), "a bcd \"e");
  EXPECT_EQ(value_of("x = 'a#b;c'"), "a#b;c");
  EXPECT_EQ(value_of("x = \"it's\""), "it's");
}

TEST(CfgLine, KnowsEveryEscape) {
  EXPECT_EQ(value_of(R"(x = \a\b\f\n\r\t\v)"), "\a\b\f\n\r\t\v");
  EXPECT_EQ(value_of(R"(x = "\"\'\\\#\ \q\8")"), "\"'\\# q8");
  EXPECT_EQ(value_of(R"(x = \ y)"), " y");
  EXPECT_EQ(value_of(R"(x = \#y)"), "#y");
  EXPECT_EQ(value_of(R"(x = \x41\x4az)"), "AJz");
  EXPECT_EQ(value_of(R"(x = \x9g\xaBc)"),
            "\tg\xab"
            "c");
  EXPECT_EQ(value_of(R"(x = \xg)"), "xg");
  EXPECT_EQ(value_of(R"(x = \1011\7z)"), "A1\az");
  EXPECT_EQ(value_of(R"(x = \3777\477)"),
            "\377"
            "7'7");
  EXPECT_EQ(value_of(R"(x = 'a\nb\')"), "a\\nb\\");
  EXPECT_EQ(value_of("x = a\\"), "a\\");
}

TEST(CfgLine, RefusesWhatEjudgeRefuses) {
  EXPECT_EQ(error_of("x = a b"), "'x': text after the value");
  EXPECT_EQ(error_of("x = \"a"), "'x': the quote is not closed");
  EXPECT_EQ(error_of("x = 'a\\'b'"), "'x': the quote is not closed");
  EXPECT_EQ(error_of("x = \"a\\"), "'x': the quote is not closed");
  EXPECT_EQ(error_of("x = \"a\tb\""), "'x': a control character in the value");
  EXPECT_EQ(error_of("x = a\x01"), "'x': a control character in the value");
  EXPECT_EQ(error_of("x = a\\\x01"), "'x': a control character in the value");
  EXPECT_EQ(error_of("x = a \x01"), "'x': a control character after the value");
  EXPECT_EQ(error_of("x = \\0"), "'x': a zero byte in the value");
  EXPECT_EQ(error_of("x y"), "'=' is expected after 'x'");
  EXPECT_EQ(error_of("= y"), "a parameter's name is expected");
  EXPECT_EQ(error_of("[language"), "']' is expected after '[language'");
  EXPECT_EQ(error_of("[language] x"), "text after '[language]'");
  EXPECT_EQ(error_of("[]"), "a section's name is expected after '['");
  EXPECT_EQ(error_of("[" + std::string(32, 'a') + "]"), "the section's name is too long");
  EXPECT_EQ(error_of(std::string(32, 'a')), "the name '" + std::string(32, 'a') + "' is too long");
  EXPECT_EQ(error_of("@ if"), "a directive's name is expected after '@'");
}

TEST(CfgLine, BoundsNamesAndValues) {
  EXPECT_EQ(parse_cfg_line(std::string(31, 'a'))->name, std::string(31, 'a'));
  EXPECT_EQ(value_of("x = '" + std::string(1023, 'v') + "'"), std::string(1023, 'v'));
  EXPECT_EQ(error_of("x = " + std::string(1024, 'v')), "'x': the value is over 1023 bytes");
  // The limit is on what the value is, not on how it is written.
  std::string escaped;
  for (int i = 0; i < 1023; ++i) escaped += "\\x41";
  EXPECT_EQ(value_of("x = " + escaped), std::string(1023, 'A'));
}

TEST(CfgLine, GivesBackWhatItQuotes) {
  std::string all;
  for (int c = 1; c < 256; ++c) all.push_back(static_cast<char>(c));
  EXPECT_EQ(value_of("x = " + quote_cfg_value(all)), all);
  for (char c : all) {
    // A digit behind must not be taken for a part of the escape.
    const std::string value{c, '7', 'f'};
    EXPECT_EQ(value_of("x = " + quote_cfg_value(value)), value);
  }
  EXPECT_EQ(quote_cfg_value("a\"\\'\n\x7f\x01\xd0"), "\"a\\\"\\\\\\'\\n\\x7f\\x01\xd0\"");
}

TEST(CfgCoding, IsACommentOfOneForm) {
  EXPECT_EQ(cfg_coding("# -*- coding: koi8-r -*-"), "koi8-r");
  EXPECT_EQ(cfg_coding(";-*-coding:utf-8-*-"), "utf-8");
  EXPECT_EQ(cfg_coding("# coding: koi8-r"), "");
  EXPECT_EQ(cfg_coding("# -*- mode: c -*-"), "");
  EXPECT_EQ(cfg_coding("# -*-"), "");
  EXPECT_EQ(cfg_coding("x = '-*- coding: koi8-r -*-'"), "");
}

TEST(SplitCfgLines, LosesNothing) {
  for (std::string_view text : {"", "a", "a\n", "a\r\nb", "\n\n", "a\n\r\nb\n"}) {
    std::string joined;
    for (std::string_view line : split_cfg_lines(text)) joined += line;
    EXPECT_EQ(joined, text);
  }
  EXPECT_EQ(split_cfg_lines("a\nb").size(), 2U);
  EXPECT_EQ(without_line_end("a\r\n"), "a");
}

}  // namespace
}  // namespace ejf::config
