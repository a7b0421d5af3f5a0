// SPDX-License-Identifier: Apache-2.0
#include "lang/samples.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/temp_dir.h"

namespace ejf::lang {
namespace {

class FindSample : public ::testing::Test {
 protected:
  FindSample() {
    for (const char* name : {"site", "site/gcc", "own", "own/gcc", "own/g++"})
      make_directory_at(temp_.fd(), name, 0755);
    put("own/gcc/correct.c");
    put("own/g++/correct.cpp");
    put("own/aliases.cfg", "gcc-32=gcc\nclang=gcc\nup=../own/gcc\n");
  }
  void put(const std::string& name, const std::string& text = "") { write_file_at(temp_.fd(), name, text, 0644); }
  std::string path(const std::string& name) const { return temp_.path() + "/" + name; }
  std::string find(const std::string& language, const std::string& suffix) const {
    return find_sample({path("none"), path("site"), path("own")}, language, suffix);
  }

  TempDir temp_{"/tmp", "ejf-test-"};
};

TEST_F(FindSample, GoesByLanguageAndSuffix) {
  EXPECT_EQ(find("gcc", ".c"), path("own/gcc/correct.c"));
  EXPECT_EQ(find("g++", ".cpp"), path("own/g++/correct.cpp"));
  EXPECT_EQ(find("g++", ".cc"), "");
  EXPECT_EQ(find("fpc", ".pas"), "");
}

TEST_F(FindSample, SharesThoseOfAnotherLanguage) {
  EXPECT_EQ(find("gcc-32", ".c"), path("own/gcc/correct.c"));
  EXPECT_EQ(find("up", ".c"), "");
}

TEST_F(FindSample, PrefersThoseOfTheSite) {
  put("site/gcc/correct.c");
  EXPECT_EQ(find("gcc", ".c"), path("site/gcc/correct.c"));
  // The site says nothing of clang.
  EXPECT_EQ(find("clang", ".c"), path("own/gcc/correct.c"));
}

}  // namespace
}  // namespace ejf::lang
