// SPDX-License-Identifier: Apache-2.0
// What of a directory is found, and what is refused. How it arrives in a box is in tests/jail.
#include "compile/extra_sources.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>

#include "base/error.h"
#include "base/files.h"
#include "base/temp_dir.h"

namespace ejf::compile {
namespace {

class ExtraSourcesTest : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) { write_file_at(directory.fd(), name, text, 0644); }
  std::string complaint() {
    try {
      const ExtraSources sources(directory.path(), limits);
      return {};
    } catch (const Error& error) {
      return error.what();
    }
  }
  TempDir directory{"/tmp", "extra_test-"};
  ExtraSourcesLimits limits{.bytes = 1000};
};

TEST_F(ExtraSourcesTest, CountsFilesDirectoriesAndLinksButNothingElse) {
  write("a", "12345");
  make_directory_at(directory.fd(), "d", 0700);
  write("d/b", "123");
  ASSERT_EQ(::symlinkat("nowhere", directory.fd(), "link"), 0);
  ASSERT_EQ(::mkfifoat(directory.fd(), "fifo", 0600), 0);
  const ExtraSources sources(directory.path(), limits);
  EXPECT_EQ(sources.entries(), 4U);
  EXPECT_EQ(sources.bytes(), 8U);
}

TEST_F(ExtraSourcesTest, OfAnEmptyDirectoryAreNone) {
  EXPECT_EQ(ExtraSources(directory.path(), limits).entries(), 0U);
}

TEST_F(ExtraSourcesTest, NeedADirectory) {
  write("a", "");
  EXPECT_THROW(ExtraSources(directory.path() + "/a", limits), SysError);
  EXPECT_THROW(ExtraSources(directory.path() + "/none", limits), SysError);
}

TEST_F(ExtraSourcesTest, AreRefusedWhenTheyAreTooMany) {
  limits.entries = 3;
  for (const char* name : {"a", "b", "c"}) write(name, "");
  EXPECT_EQ(complaint(), "");
  write("d", "");
  EXPECT_EQ(complaint(), directory.path() + ": more than 3 files and directories");
}

TEST_F(ExtraSourcesTest, AreRefusedWhenTheyAreTooLarge) {
  write("a", std::string(500, 'x'));
  write("b", std::string(500, 'x'));
  EXPECT_EQ(complaint(), "");
  write("c", "x");
  EXPECT_EQ(complaint(), directory.path() + ": more than the 1000 B that a job may have");
}

TEST_F(ExtraSourcesTest, AreRefusedWhenTheyAreTooDeep) {
  limits.depth = 2;
  make_directories(directory.path() + "/a/b", 0755);
  EXPECT_EQ(complaint(), "");
  make_directory(directory.path() + "/a/b/c", 0755);
  EXPECT_EQ(complaint(), directory.path() + "/a/b/c: more than 2 directories below each other");
}

TEST_F(ExtraSourcesTest, DoNotFollowALinkToADirectory) {
  TempDir other("/tmp", "extra_test-");
  write_file_at(other.fd(), "secret", "x", 0644);
  ASSERT_EQ(::symlinkat(other.path().c_str(), directory.fd(), "link"), 0);
  EXPECT_EQ(ExtraSources(directory.path(), limits).entries(), 1U);
}

}  // namespace
}  // namespace ejf::compile
