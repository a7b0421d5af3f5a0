// SPDX-License-Identifier: Apache-2.0
#include "spool/safe_directory.h"

#include "base/error.h"
#include "spool/reply_side.h"
#include "spool_fixture.h"

namespace ejf::spool {
namespace {

using SafeDirectoryTest = SpoolTest;

/// Sets the umask for a test.
class Umask {
 public:
  explicit Umask(mode_t mask) : old_(::umask(mask)) {}
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;
  ~Umask() { ::umask(old_); }

 private:
  mode_t old_;
};

TEST_F(SafeDirectoryTest, WritesByRenameAndLeavesNothingInIn) {
  SafeDirectory directory(base);
  directory.write("hb", "one");
  directory.write("hb", "two");
  EXPECT_EQ(directory.read("hb", 100), "two");
  EXPECT_EQ(count(base + "/in"), 0U);
  EXPECT_EQ(directory.list(), std::vector<std::string>{"hb"});
  EXPECT_TRUE(directory.contains("hb"));
  EXPECT_TRUE(directory.remove("hb"));
  EXPECT_FALSE(directory.remove("hb"));
  EXPECT_FALSE(directory.read("hb", 100));
}

TEST_F(SafeDirectoryTest, ReplacesATrapUnderItsTemporaryName) {
  SafeDirectory directory(base);
  const std::string victim = temp.path() + "/victim";
  write_file_at(temp.fd(), "victim", "precious", 0644);
  const std::string trap = base + "/in/" + std::to_string(::getpid()) + "_" + node_name() + "_hb";
  ASSERT_EQ(::symlink(victim.c_str(), trap.c_str()), 0);
  directory.write("hb", "data");
  EXPECT_EQ(read_file(victim, 100), "precious");
  EXPECT_EQ(directory.read("hb", 100), "data");
  ASSERT_EQ(::mkfifo(trap.c_str(), 0666), 0);
  directory.write("hb", "again");
  EXPECT_EQ(directory.read("hb", 100), "again");
}

TEST_F(SafeDirectoryTest, LeavesNothingWhenTheTargetCannotBeReplaced) {
  SafeDirectory directory(base);
  ASSERT_EQ(::mkdir((base + "/dir/hb").c_str(), 0700), 0);
  EXPECT_THROW(directory.write("hb", "data"), SysError);
  EXPECT_EQ(count(base + "/in"), 0U);
}

TEST_F(SafeDirectoryTest, HasExactModesWhateverTheUmaskIs) {
  Umask umask{0077};
  RequestQueue queue(base);
  ReplySide reply(reply_base);
  EXPECT_EQ(mode_of(base), 0775U);
  EXPECT_EQ(mode_of(base + "/queue"), 0775U);
  EXPECT_EQ(mode_of(base + "/src"), 0777U);
  EXPECT_EQ(mode_of(reply_base), 0777U);
  EXPECT_EQ(mode_of(reply_base + "/status"), 0775U);
  EXPECT_EQ(mode_of(reply_base + "/report"), 0777U);
  for (const char* part : {"/in", "/dir", "/out"}) {
    EXPECT_EQ(mode_of(base + "/queue" + part), 0777U) << part;
    EXPECT_EQ(mode_of(reply_base + "/status" + part), 0777U) << part;
  }
  SafeDirectory(base + "/queue").write("P", "x");
  EXPECT_EQ(mode_of(base + "/queue/dir/P"), 0644U);
  SafeDirectory(base + "/queue").write("H", "x", 0666);
  EXPECT_EQ(mode_of(base + "/queue/dir/H"), 0666U);
  reply.put_report("run", "elf", 0755);
  reply.put_report("run.txt", "log", 0644);
  reply.stage_reply("P", "reply");
  ASSERT_TRUE(reply.publish_reply("P", "000001"));
  EXPECT_EQ(mode_of(reply_base + "/report/run"), 0755U);
  EXPECT_EQ(mode_of(reply_base + "/report/run.txt"), 0644U);
  EXPECT_EQ(mode_of(reply_base + "/status/dir/000001"), 0644U);
}

TEST_F(SafeDirectoryTest, LeavesTheModesOfWhatIsThere) {
  ASSERT_EQ(::mkdir(base.c_str(), 0750), 0);
  ASSERT_EQ(::mkdir((base + "/dir").c_str(), 0700), 0);
  ::chmod((base + "/dir").c_str(), 02770);
  SafeDirectory directory(base);
  EXPECT_EQ(mode_of(base), 0750U);
  EXPECT_EQ(mode_of(base + "/dir"), 02770U);
  EXPECT_EQ(mode_of(base + "/in"), 0777U);
}

}  // namespace
}  // namespace ejf::spool
