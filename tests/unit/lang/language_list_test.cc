// SPDX-License-Identifier: Apache-2.0
#include "lang/language_list.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "base/temp_dir.h"

namespace ejf::lang {
namespace {

TEST(FindLanguages, TakesVersionScriptsInByteOrder) {
  TempDir temp("/tmp", "ejf-test-");
  for (const char* name :
       {"gcc-version", "g++-version", "Z-version", "gcc", "-version", "gcc-version.old", "x-version.lock"}) {
    write_file_at(temp.fd(), name, "", 0755);
  }
  EXPECT_EQ(find_languages(temp.path()), (std::vector<std::string>{"Z", "g++", "gcc"}));
  EXPECT_THROW(find_languages(temp.path() + "/none"), SysError);
}

TEST(DescribeLanguages, AsksTheScriptsAndSkipsTheSilentOnes) {
  TempDir temp("/tmp", "ejf-test-");
  write_file_at(temp.fd(), "a-version", "#!/bin/sh\n[ \"$*\" = -l ] && echo 'A [http://a]  '; echo no >&2; exit 1\n",
                0755);
  write_file_at(temp.fd(), "b-version", "#!/bin/sh\nexit 0\n", 0755);
  write_file_at(temp.fd(), "c-version", "echo without interpreter line\n", 0755);
  write_file_at(temp.fd(), "d-version", "#!/bin/sh\necho not executable\n", 0644);
  auto list = describe_languages(temp.path(), {"a", "b", "c", "d"}, {.jobs = 2});
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].language, "a");
  EXPECT_EQ(list[0].text, "A [http://a]");
  EXPECT_EQ(list[1].text, "without interpreter line");
}

TEST(FormatList, PadsToTheLongestName) {
  EXPECT_EQ(format_list({{"gcc", "GNU C"}, {"clang++", "Clang"}}, {}), "gcc     GNU C\nclang++ Clang\n");
  EXPECT_EQ(format_list({}, {}), "");
}

TEST(FormatList, CutsLinesThatDoNotFitTheTerminal) {
  EXPECT_EQ(format_list({{"g", "1234567"}}, 10), "g 1234567\n");
  EXPECT_EQ(format_list({{"g", "12345678"}}, 10), "g 1234...\n");
  EXPECT_EQ(format_list({{"g", "абвгдежз"}}, 10), "g абвг...\n");
}

TEST(TerminalWidth, TakesColumnsWhenTheyAreSane) {
  EXPECT_EQ(terminal_width("120"), 120U);
  EXPECT_EQ(terminal_width("9999"), 9999U);
  EXPECT_EQ(terminal_width("3"), 10U);
  for (const char* bad : {"", "0", "-5", "10000", "80x", "wide"}) EXPECT_EQ(terminal_width(bad), 80U) << bad;
  EXPECT_EQ(terminal_width(nullptr), 80U);
}

}  // namespace
}  // namespace ejf::lang
