// SPDX-License-Identifier: Apache-2.0
#include "config/lang_id_map.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/temp_dir.h"

namespace ejf::config {
namespace {

std::string errors_of(std::string_view text) {
  Diagnostics diagnostics;
  parse_lang_id_map(text, "m", diagnostics);
  std::string said;
  for (const auto& one : diagnostics.all()) said += one.text() + "\n";
  return said;
}

LangIdMap read(std::string_view text) {
  Diagnostics diagnostics;
  auto map = parse_lang_id_map(text, "m", diagnostics);
  EXPECT_TRUE(diagnostics.all().empty()) << diagnostics.all().front().text();
  return map;
}

TEST(LangIdMap, ReadsPairsInAnyWhiteSpace) {
  EXPECT_EQ(read("1 2\n\n \t \n  3\t4  \r\n100000 1"), (LangIdMap{{1, 2}, {3, 4}, {100000, 1}}));
  EXPECT_EQ(read(""), LangIdMap{});
  EXPECT_EQ(read("5 7\n6 7\n7 5\n"), (LangIdMap{{5, 7}, {6, 7}, {7, 5}}));
}

TEST(LangIdMap, KeepsEveryEntryOfALongFile) {
  std::string text;
  for (int id = 1; id <= 1000; ++id) text += std::to_string(id) + " " + std::to_string(id + 1) + "\n";
  const auto map = read(text);
  EXPECT_EQ(map.size(), 1000U);
  EXPECT_EQ(map.at(1), 2);
  EXPECT_EQ(map.at(1000), 1001);
}

TEST(LangIdMap, NamesFileAndLineOfEachError) {
  EXPECT_EQ(errors_of("1 2\n1 3\n"), "m:2: 1 stands in line 1 already\n");
  EXPECT_EQ(errors_of("0 1\n1 100001\n-1 2\n"),
            "m:1: '0' is not a number from 1 to 100000\nm:2: '100001' is not a number from 1 to 100000\n"
            "m:3: '-1' is not a number from 1 to 100000\n");
  EXPECT_EQ(errors_of("1\n1 2 3\n# remark\n"),
            "m:1: a line is 'FROM TO', two language ids\nm:2: a line is 'FROM TO', two language ids\n"
            "m:3: '#' is not a number from 1 to 100000\nm:3: 'remark' is not a number from 1 to 100000\n");
  EXPECT_EQ(errors_of(std::string_view("1 2\0 3", 6)), "m:1: a line is 'FROM TO', two language ids\n");
}

TEST(LangIdMap, SaysThatItsFileIsNotThere) {
  Diagnostics diagnostics;
  EXPECT_TRUE(load_lang_id_map("/nonexistent/map", diagnostics).empty());
  ASSERT_TRUE(diagnostics.has_errors());
  EXPECT_NE(diagnostics.all().front().text().find("/nonexistent/map"), std::string::npos);
  TempDir temp{"/tmp", "ejf-test-"};
  write_file_at(temp.fd(), "map", "2 3\n", 0644);
  Diagnostics none;
  EXPECT_EQ(load_lang_id_map(temp.path() + "/map", none), (LangIdMap{{2, 3}}));
  EXPECT_TRUE(none.all().empty());
}

}  // namespace
}  // namespace ejf::config
