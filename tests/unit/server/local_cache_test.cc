// SPDX-License-Identifier: Apache-2.0
#include "server/local_cache.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>

#include "base/error.h"
#include "base/files.h"
#include "base/temp_dir.h"

namespace ejf::server {
namespace {

using std::chrono::hours;

class LocalCacheTest : public ::testing::Test {
 protected:
  void put(const std::string& name, int age) {
    UniqueFd dir = open_directory(path_);
    write_file_at(dir.get(), name, "x", 0755);
    const timespec then{std::time(nullptr) - age, 0};
    const timespec times[] = {then, then};
    ASSERT_EQ(::utimensat(dir.get(), name.c_str(), times, 0), 0);
  }

  bool has(const std::string& name) const { return try_stat_at(AT_FDCWD, path_ + "/" + name).has_value(); }

  TempDir temp_{"/tmp", "ejf-test-"};
  std::string path_ = temp_.path() + "/cache";
};

TEST_F(LocalCacheTest, MakesItsDirectory) {
  const mode_t before = ::umask(0);
  const LocalCache cache(path_, hours{24});
  ::umask(before);
  EXPECT_EQ(try_stat_at(AT_FDCWD, path_)->st_mode & 0777U, 0770U);
}

TEST_F(LocalCacheTest, RefusesWhatIsNoDirectory) {
  write_file_at(temp_.fd(), "cache", "", 0644);
  EXPECT_THROW(LocalCache(path_, hours{24}), Error);
  EXPECT_THROW(LocalCache("/nonexistent/cache", hours{24}), Error);
}

TEST_F(LocalCacheTest, KeepsAnExecutableUnderItsJudgement) {
  const LocalCache cache(path_, hours{24});
  const Uuid uuid = Uuid::random();
  const UniqueFd executable = make_memory_file("exe", "program");
  cache.keep(uuid, ".exe", executable.get());
  const std::string name = uuid.text() + ".exe";
  EXPECT_EQ(read_file(path_ + "/" + name, 100), "program");
  EXPECT_EQ(try_stat_at(AT_FDCWD, path_ + "/" + name)->st_mode & 07777U, 0755U);
  // The same once more, as after a crash before the reply.
  cache.keep(uuid, ".exe", executable.get());
  EXPECT_EQ(read_file(path_ + "/" + name, 100), "program");
  EXPECT_EQ(list_directory(open_directory(path_).get()).size(), 1U);
}

TEST_F(LocalCacheTest, StandsInWithAScript) {
  const UniqueFd script = LocalCache::make_stand_in();
  const std::string text = read_all(script.get(), 1000, "the stand-in");
  EXPECT_EQ(text, LocalCache::stand_in_text());
  EXPECT_TRUE(text.starts_with("#! /bin/sh\n"));
  EXPECT_TRUE(text.ends_with("exit 1\n"));
}

TEST_F(LocalCacheTest, IsForRequestsThatAskForIt) {
  packet::CompileRequest request;
  request.enable_remote_cache = 1;
  request.judge_uuid = Uuid::random();
  EXPECT_TRUE(LocalCache::is_wanted(request));
  request.enable_remote_cache = 0;
  EXPECT_FALSE(LocalCache::is_wanted(request));
  request.enable_remote_cache = 1;
  request.judge_uuid = Uuid{};
  EXPECT_FALSE(LocalCache::is_wanted(request));
}

TEST_F(LocalCacheTest, RemovesWhatNobodyFetched) {
  LocalCache cache(path_, hours{1});
  const std::string uuid = Uuid::random().text();
  put(uuid, 7200);
  put(uuid + ".jar", 7200);
  put("." + uuid + ".123.1.tmp", 7200);
  put(uuid + ".new", 60);
  put("notes", 7200);
  make_directory(path_ + "/" + Uuid::random().text(), 0755);
  cache.clean();
  EXPECT_FALSE(has(uuid));
  EXPECT_FALSE(has(uuid + ".jar"));
  EXPECT_FALSE(has("." + uuid + ".123.1.tmp"));
  EXPECT_TRUE(has(uuid + ".new"));
  EXPECT_TRUE(has("notes"));
  EXPECT_EQ(list_directory(open_directory(path_).get()).size(), 3U);
  put(uuid, 7200);
  cache.clean();
  EXPECT_TRUE(has(uuid));  // it does not look again so soon
}

TEST_F(LocalCacheTest, LooksAgainSoonWhenItCouldNot) {
  LocalCache cache(path_, hours{1});
  const std::string away = path_ + ".away";
  ASSERT_EQ(::rename(path_.c_str(), away.c_str()), 0);
  EXPECT_THROW(cache.clean(), SysError);
  EXPECT_THROW(cache.clean(), SysError);
  ASSERT_EQ(::rename(away.c_str(), path_.c_str()), 0);
  const std::string uuid = Uuid::random().text();
  put(uuid, 7200);
  cache.clean();
  EXPECT_FALSE(has(uuid));
}

}  // namespace
}  // namespace ejf::server
