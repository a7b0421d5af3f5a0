// SPDX-License-Identifier: Apache-2.0
#include "lang/cfg_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

#include "base/error.h"
#include "base/files.h"
#include "base/temp_dir.h"

namespace ejf::lang {
namespace {

class OpenedCfgFile : public ::testing::Test {
 protected:
  void put(const std::string& text, mode_t mode = 0644) {
    write_file_at(temp_.fd(), "compile.cfg", text, mode);
    struct timespec times[2] = {{k_time, 0}, {k_time, 0}};
    ASSERT_EQ(::utimensat(temp_.fd(), "compile.cfg", times, 0), 0);
  }
  std::string get(const std::string& name) { return try_read_regular_at(temp_.fd(), name, 1 << 20).value_or("(none)"); }
  std::string path() { return temp_.path() + "/compile.cfg"; }
  std::string backup_name() {
    struct tm local {};
    char stamp[32];
    EXPECT_NE(::localtime_r(&k_time, &local), nullptr);
    EXPECT_EQ(std::strftime(stamp, sizeof stamp, "%Y%m%d%H%M%S", &local), 14U);
    return std::string{"compile.cfg."} + stamp;
  }

  static constexpr time_t k_time = 1700000000;
  TempDir temp_{"/tmp", "ejf-test-"};
};

TEST_F(OpenedCfgFile, KeepsTheOldFileUnderItsDate) {
  put("old\n");
  auto old = try_stat_at(temp_.fd(), "compile.cfg");
  auto file = CfgFile::open(path());
  ASSERT_TRUE(file);
  EXPECT_EQ(file->text(), "old\n");
  file->replace("new\n");
  EXPECT_EQ(get("compile.cfg"), "new\n");
  EXPECT_EQ(get(backup_name()), "old\n");
  EXPECT_EQ(try_stat_at(temp_.fd(), backup_name())->st_ino, old->st_ino);
  EXPECT_EQ(list_directory(temp_.fd()).size(), 2U);
}

TEST_F(OpenedCfgFile, FindsANameForASecondBackupOfOneSecond) {
  put("old\n");
  CfgFile::open(path())->replace("new\n");
  put("newer\n");
  CfgFile::open(path())->replace("newest\n");
  EXPECT_EQ(get("compile.cfg"), "newest\n");
  EXPECT_EQ(get(backup_name()), "old\n");
  EXPECT_EQ(get(backup_name() + ".1"), "newer\n");
}

TEST_F(OpenedCfgFile, KeepsModeAndOwner) {
  put("old\n", 0664);
  if (::geteuid() == 0) {
    ASSERT_EQ(::fchownat(temp_.fd(), "compile.cfg", 65534, 65533, 0), 0);
  }
  auto old = try_stat_at(temp_.fd(), "compile.cfg");
  mode_t mask = ::umask(0077);
  CfgFile::open(path())->replace("new\n");
  ::umask(mask);
  auto now = try_stat_at(temp_.fd(), "compile.cfg");
  EXPECT_EQ(now->st_mode & 07777U, 0664U);
  EXPECT_EQ(now->st_uid, old->st_uid);
  EXPECT_EQ(now->st_gid, old->st_gid);
  EXPECT_NE(now->st_ino, old->st_ino);
}

TEST_F(OpenedCfgFile, RefusesLinksAndWhatIsNoFile) {
  write_file_at(temp_.fd(), "real", "x\n", 0644);
  ASSERT_EQ(::symlinkat("real", temp_.fd(), "compile.cfg"), 0);
  try {
    CfgFile::open(path());
    FAIL() << "a link was opened";
  } catch (const Error& error) {
    EXPECT_NE(std::string{error.what()}.find("symbolic link"), std::string::npos);
  }
  ASSERT_TRUE(try_unlink_at(temp_.fd(), "compile.cfg"));
  make_directory_at(temp_.fd(), "compile.cfg", 0755);
  EXPECT_THROW(CfgFile::open(path()), Error);
}

TEST_F(OpenedCfgFile, LeavesAFileAloneThatSomebodyElseHasChanged) {
  put("old\n");
  auto file = CfgFile::open(path());
  write_file_at(temp_.fd(), "compile.cfg", "edited\n", 0644);
  EXPECT_THROW(file->replace("new\n"), Error);
  EXPECT_EQ(get("compile.cfg"), "edited\n");
  EXPECT_EQ(list_directory(temp_.fd()).size(), 1U);
}

TEST_F(OpenedCfgFile, IsCreatedReadableWhateverTheUmaskIs) {
  EXPECT_FALSE(CfgFile::open(path()));
  EXPECT_FALSE(CfgFile::open(temp_.path() + "/none/compile.cfg"));
  mode_t mask = ::umask(0077);
  CfgFile::create(path(), "new\n");
  ::umask(mask);
  EXPECT_EQ(get("compile.cfg"), "new\n");
  EXPECT_EQ(try_stat_at(temp_.fd(), "compile.cfg")->st_mode & 07777U, 0664U);
  EXPECT_THROW(CfgFile::create(temp_.path() + "/none/compile.cfg", ""), SysError);
}

}  // namespace
}  // namespace ejf::lang
