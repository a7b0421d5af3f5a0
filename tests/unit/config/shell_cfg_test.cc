// SPDX-License-Identifier: Apache-2.0
#include "config/shell_cfg.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"

namespace ejf::config {
namespace {

std::string value_of(std::string_view text, std::string_view name) {
  auto cfg = ShellCfg::parse(text, "x.cfg");
  if (!cfg) return "error: " + cfg.error().text();
  return cfg->find(name).value_or("(none)");
}

std::string error_of(std::string_view text) {
  auto cfg = ShellCfg::parse(text, "x.cfg");
  return cfg ? "" : cfg.error().text();
}

TEST(ShellCfg, JoinsQuotedAndPlainPieces) {
  EXPECT_EQ(value_of("FOO=\"a b\"c'd e'\n", "FOO"), "a bcd e");
  EXPECT_EQ(value_of("A='say \"hi\"'", "A"), "say \"hi\"");
  EXPECT_EQ(value_of("A=\"it's\"", "A"), "it's");
  EXPECT_EQ(value_of("A=\n", "A"), "");
  EXPECT_EQ(value_of("A=\"\"\n", "A"), "");
}

TEST(ShellCfg, ExpandsNothing) {
  EXPECT_EQ(value_of("A=$HOME\\n`x`", "A"), "$HOME\\n`x`");
  EXPECT_EQ(value_of("A=\"$B\\\"", "A"), "$B\\");
}

TEST(ShellCfg, CutsCommentsOutsideQuotesOnly) {
  EXPECT_EQ(value_of("# A=1\n  A=2#3 4\n", "A"), "2");
  EXPECT_EQ(value_of("A='2#3' # comment", "A"), "2#3");
}

TEST(ShellCfg, TakesPlusAndMinusInNames) {
  EXPECT_EQ(value_of("g++=3\nclang++-32=59\n", "clang++-32"), "59");
  EXPECT_EQ(value_of("g++=3\n", "g+"), "(none)");
  EXPECT_EQ(value_of("g++=3\n", "g++-32"), "(none)");
}

TEST(ShellCfg, KeepsTheFirstPlaceAndTheLastValueOfARepeatedName) {
  auto cfg = ShellCfg::parse("a=1\nb=2\na=3\n", "x.cfg");
  ASSERT_TRUE(cfg);
  const std::vector<std::pair<std::string, std::string>> expected{{"a", "3"}, {"b", "2"}};
  EXPECT_EQ(cfg->variables(), expected);
}

TEST(ShellCfg, TakesCrLfAndNonAsciiBytes) {
  EXPECT_EQ(value_of("A=1\r\nB='\xd0\xb8 \xff'\r\n", "B"), "\xd0\xb8 \xff");
  EXPECT_EQ(value_of("A=1\r\n", "A"), "1");
}

TEST(ShellCfg, FailsTheWholeFileWithTheLine) {
  EXPECT_EQ(error_of("A=1\nexport B=2\n"), "x.cfg:2: 'export': '=' is expected");
  EXPECT_EQ(error_of(". /etc/passwd"), "x.cfg:1: a name is expected");
  EXPECT_EQ(error_of("if true; then\n"), "x.cfg:1: 'if': '=' is expected");
  EXPECT_EQ(error_of("A = 1"), "x.cfg:1: 'A': '=' is expected");
  EXPECT_EQ(error_of("A=1 B=2"), "x.cfg:1: 'A': text after the value");
  EXPECT_EQ(error_of("\n\nA=\"1\n2\""), "x.cfg:3: 'A': the quote is not closed");
  EXPECT_EQ(error_of("1A=1"), "x.cfg:1: a name is expected");
  EXPECT_EQ(error_of("A=\x01"), "x.cfg:1: a control character");
  EXPECT_EQ(error_of(std::string_view("A=\0", 3)), "x.cfg:1: a control character");
}

TEST(ShellCfg, BoundsNamesAndValues) {
  EXPECT_EQ(value_of("A=" + std::string(1022, 'x'), "A"), std::string(1022, 'x'));
  EXPECT_EQ(error_of("A='" + std::string(1023, 'x') + "'"), "x.cfg:1: 'A': the value is over 1022 bytes");
  EXPECT_EQ(error_of(std::string(1022, 'a') + "=1"), "x.cfg:1: the name is too long");
}

TEST(ShellCfg, ReadsWhatEveryVersionScriptOfEjudgePrints) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(EJF_TEST_DATA "/lang.d")) {
    auto cfg = ShellCfg::parse(read_file(entry.path(), 1 << 20), entry.path());
    ASSERT_TRUE(cfg) << cfg.error().text();
    EXPECT_TRUE(cfg->find("version")) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 61);
  auto java = ShellCfg::parse(read_file(EJF_TEST_DATA "/lang.d/javac.cfg", 1 << 20), "javac.cfg");
  ASSERT_TRUE(java);
  EXPECT_EQ(java->find("version"), "17.0.15");
  EXPECT_EQ(java->find("exe_sfx"), ".jar");
}

}  // namespace
}  // namespace ejf::config
