// SPDX-License-Identifier: Apache-2.0
#include "transport/heartbeat_directory.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/child.h"
#include "base/files.h"
#include "base/temp_dir.h"
#include "base/text.h"
#include "spool/claim_name.h"

namespace ejf::transport {
namespace {

constexpr std::chrono::seconds k_silence{120};

/// A process number that was in use a moment ago and is not any more.
pid_t dead_pid() {
  Child child({.program = "/bin/true", .argv = {"true"}, .env = {}, .directory = "", .fds = {}});
  const pid_t pid = child.pid();
  child.wait();
  return pid;
}

std::string own_name(const std::string& base) {
  return base + "." + std::to_string(::getpid());
}

class HeartbeatDirectoryTest : public ::testing::Test {
 protected:
  void put(const std::string& name, int age = 0) {
    UniqueFd dir = open_directory(path_ + "/dir");
    write_file_at(dir.get(), name, "x", 0644);
    const timespec then{::time(nullptr) - age, 0};
    const timespec times[] = {then, then};
    ASSERT_EQ(::utimensat(dir.get(), name.c_str(), times, 0), 0);
  }

  std::vector<std::string> names() const {
    auto found = list_directory(open_directory(path_ + "/dir").get());
    std::sort(found.begin(), found.end());
    return found;
  }

  TempDir temp_{"/tmp", "ejf-test-"};
  std::string path_ = temp_.path() + "/heartbeat";
};

TEST(HeartbeatName, HasABaseAndAProcess) {
  const auto name = HeartbeatName::parse("vm.example.4711");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->base, "vm.example");
  EXPECT_EQ(name->pid, 4711);
  EXPECT_FALSE(name->is_control);
  for (const char* control : {"vm.1@S", "vm.1@D", "vm.1@R"}) {
    const auto parsed = HeartbeatName::parse(control);
    ASSERT_TRUE(parsed) << control;
    EXPECT_TRUE(parsed->is_control);
    EXPECT_EQ(parsed->pid, 1);
  }
  for (const char* bad : {"", "vm", "vm.", ".5", "vm.0", "vm.-1", "vm.+1", "vm.01", "vm.1x", "vm.1@X", "vm.1@", "@S",
                          "vm.99999999999", "vm.1@S@S"}) {
    EXPECT_FALSE(HeartbeatName::parse(bad)) << bad;
  }
}

TEST(HeartbeatBase, IsAPlainName) {
  EXPECT_EQ(heartbeat_base("vm-1.example"), "vm-1.example");
  EXPECT_EQ(heartbeat_base("a/b c\td\x7f\xc3\xa4"), "a_b_c_d___");
  EXPECT_EQ(heartbeat_base("../x"), "_._x");
  EXPECT_EQ(heartbeat_base(""), heartbeat_base(spool::node_name()));
  EXPECT_EQ(heartbeat_base(std::string(1000, 'x')).size(), 128U);
  EXPECT_TRUE(is_plain_name(heartbeat_base("\n.")));
}

TEST_F(HeartbeatDirectoryTest, WritesAFileThatEverybodyMayRead) {
  const mode_t before = ::umask(077);
  HeartbeatDirectory directory(path_, "base");
  directory.write({.timestamp_ms = 5, .instance_id = "", .queue = "q", .ip_address = "", .pid = 1});
  ::umask(before);
  EXPECT_EQ(names(), std::vector<std::string>{own_name("base")});
  const std::string file = path_ + "/dir/" + own_name("base");
  const auto heartbeat = packet::try_decode_heartbeat(read_file(file, 1000));
  ASSERT_TRUE(heartbeat);
  EXPECT_EQ(heartbeat->timestamp_ms, 5);
  const auto info = try_stat_at(AT_FDCWD, file);
  EXPECT_EQ(info->st_mode & 07777U, 0666U);
  EXPECT_TRUE(list_directory(open_directory(path_ + "/in").get()).empty());
  directory.remove();
  EXPECT_TRUE(names().empty());
  directory.remove();
}

TEST_F(HeartbeatDirectoryTest, TakesItsOwnCommandsOnce) {
  HeartbeatDirectory directory(path_, "base");
  EXPECT_TRUE(directory.take_commands().empty());
  put(own_name("base") + "@S");
  put(own_name("base") + "@R");
  put("other.1@D");
  put(own_name("bas") + "@D");
  EXPECT_EQ(directory.take_commands(), (std::vector<ServerCommand>{ServerCommand::stop, ServerCommand::reboot}));
  EXPECT_TRUE(directory.take_commands().empty());
  EXPECT_EQ(names().size(), 2U);
}

TEST_F(HeartbeatDirectoryTest, TakesNothingButFilesForCommands) {
  HeartbeatDirectory directory(path_, "base");
  make_directory(path_ + "/dir/" + own_name("base") + "@S", 0755);
  ASSERT_EQ(::symlink("/etc/passwd", (path_ + "/dir/" + own_name("base") + "@D").c_str()), 0);
  EXPECT_TRUE(directory.take_commands().empty());
}

TEST_F(HeartbeatDirectoryTest, KnowsItsControlFilesByName) {
  HeartbeatDirectory directory(path_, "base");
  EXPECT_TRUE(directory.is_control_file(own_name("base") + "@S"));
  EXPECT_FALSE(directory.is_control_file(own_name("base")));
  EXPECT_FALSE(directory.is_control_file(own_name("base") + "@X"));
  EXPECT_FALSE(directory.is_control_file("base.1@S"));
}

TEST_F(HeartbeatDirectoryTest, RemovesWhatTheDeadOfThisHostLeft) {
  const std::string host = heartbeat_base("");
  const std::string dead = "." + std::to_string(dead_pid());
  HeartbeatDirectory directory(path_, "base");
  directory.write({});
  for (const char* suffix : {"", "@S", "@D", "@R"}) put(host + dead + suffix);
  const std::vector<std::string> kept = {"other" + dead,        // of another host, as far as we know
                                         own_name(host),        // its process lives
                                         own_name("base"),      // ours
                                         "base" + dead + "@X",  // of no form that we know
                                         "README",
                                         "base"};
  for (const auto& name : kept) put(name);
  auto removed = directory.remove_stale(k_silence);
  std::sort(removed.begin(), removed.end());
  EXPECT_EQ(removed,
            (std::vector<std::string>{host + dead, host + dead + "@D", host + dead + "@R", host + dead + "@S"}));
  EXPECT_EQ(names().size(), kept.size());
}

TEST_F(HeartbeatDirectoryTest, GivesAnotherHostOfItsNameTimeToShowLife) {
  const std::string dead = "base." + std::to_string(dead_pid());
  HeartbeatDirectory directory(path_, "base");
  directory.write({});
  put(dead, 60);
  EXPECT_TRUE(directory.remove_stale(k_silence).empty());
  put(dead, 1000);
  EXPECT_EQ(directory.remove_stale(k_silence), std::vector<std::string>{dead});
}

TEST_F(HeartbeatDirectoryTest, FollowsADirectoryThatWasReplaced) {
  HeartbeatDirectory directory(path_, "base");
  EXPECT_FALSE(directory.follow());
  rename_at(temp_.fd(), "heartbeat", temp_.fd(), "old");
  EXPECT_TRUE(directory.follow());
  EXPECT_FALSE(directory.follow());
  directory.write({});
  EXPECT_EQ(names(), std::vector<std::string>{own_name("base")});
}

}  // namespace
}  // namespace ejf::transport
