// SPDX-License-Identifier: Apache-2.0
#include "spool/reply_side.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/resource.h>
#include <unistd.h>

#include <utility>

#include "base/error.h"
#include "base/temp_dir.h"
#include "spool_fixture.h"

namespace ejf::spool {
namespace {

using ReplySideTest = SpoolTest;

TEST_F(ReplySideTest, PutsReportsOverOldOnes) {
  ReplySide reply(reply_base);
  reply.put_report("000001.txt", "first", 0644);
  reply.put_report("000001.txt", "second", 0644);
  EXPECT_EQ(read_file(reply_base + "/report/000001.txt", 100), "second");
  UniqueFd source = make_memory_file("exe", std::string(200000, 'e'));
  ASSERT_EQ(::lseek(source.get(), 100, SEEK_SET), 100);
  reply.put_report("000001.exe", source.get(), 0755);
  EXPECT_EQ(read_file(reply_base + "/report/000001.exe", 1 << 20), std::string(200000, 'e'));
  EXPECT_EQ(mode_of(reply_base + "/report/000001.exe"), 0755U);
  EXPECT_EQ(count(reply_base + "/report"), 2U);
  EXPECT_TRUE(reply.remove_report("000001.txt"));
  EXPECT_FALSE(reply.remove_report("000001.txt"));
}

TEST_F(ReplySideTest, ShowsAReplyOnlyWhenPublished) {
  ReplySide reply(reply_base);
  EXPECT_FALSE(reply.has_staged("P"));
  reply.stage_reply("P", "an old reply that is longer");
  reply.stage_reply("P", "reply");
  EXPECT_TRUE(reply.has_staged("P"));
  EXPECT_EQ(count(reply_base + "/status/dir"), 0U);
  EXPECT_TRUE(reply.publish_reply("P", "000001"));
  EXPECT_EQ(read_file(reply_base + "/status/dir/000001", 100), "reply");
  EXPECT_EQ(count(reply_base + "/status/in"), 0U);
  EXPECT_FALSE(reply.has_staged("P"));
  EXPECT_FALSE(reply.publish_reply("P", "000001"));
  reply.stage_reply("P", "x");
  EXPECT_TRUE(reply.discard_staged("P"));
  EXPECT_FALSE(reply.discard_staged("P"));
}

TEST_F(ReplySideTest, AnotherObjectGoesOnFromTheNamesAlone) {
  ReplySide(reply_base).stage_reply("P", "reply");
  ReplySide other(reply_base);
  EXPECT_TRUE(other.has_staged("P"));
  EXPECT_TRUE(other.publish_reply("P", "run"));
}

TEST_F(ReplySideTest, MakesNothingAnewOnlyToWaitForTheDisk) {
  ReplySide reply(reply_base);
  reply.stage_reply("P", "reply");
  reply.publish_reply("P", "run");
  remove_tree(reply_base);
  FileSystems file_systems;
  reply.add_to(file_systems);
  EXPECT_NE(::access(reply_base.c_str(), F_OK), 0);
}

TEST_F(ReplySideTest, RefusesNamesThatLeadElsewhere) {
  ReplySide reply(reply_base);
  for (const char* name : {"../x", "", ".", ".hidden", "a/b", "a\nb"}) {
    EXPECT_THROW(reply.put_report(name, "x", 0644), Error) << name;
    EXPECT_THROW(reply.remove_report(name), Error) << name;
    EXPECT_THROW(reply.stage_reply(name, "x"), Error) << name;
    EXPECT_THROW(reply.publish_reply("P", name), Error) << name;
  }
  EXPECT_THROW(reply.stage_reply(std::string(k_max_packet_name + 1, 'x'), "x"), Error);
  reply.stage_reply(std::string(k_max_packet_name, 'x'), "x");
  EXPECT_TRUE(reply.publish_reply(std::string(k_max_packet_name, 'x'), "run"));
}

TEST_F(ReplySideTest, FollowsNoLinkInTheReportDirectory) {
  ReplySide reply(reply_base);
  write_file_at(temp.fd(), "victim", "precious", 0644);
  ASSERT_EQ(::symlink((temp.path() + "/victim").c_str(), (reply_base + "/report/run.txt").c_str()), 0);
  reply.put_report("run.txt", "log", 0644);
  EXPECT_EQ(read_file(temp.path() + "/victim", 100), "precious");
  EXPECT_EQ(read_file(reply_base + "/report/run.txt", 100), "log");
}

TEST_F(ReplySideTest, OpensAnewWhatWasRemovedOrMovedAway) {
  ReplySide reply(reply_base);
  reply.put_report("1.txt", "x", 0644);
  remove_tree(reply_base);
  reply.put_report("2.txt", "x", 0644);
  EXPECT_TRUE(exists(reply_base + "/report/2.txt"));
  ASSERT_EQ(::rename((reply_base + "/status").c_str(), (reply_base + "/old").c_str()), 0);
  SafeDirectory made_by_others(reply_base + "/status");
  reply.stage_reply("P", "reply");
  EXPECT_TRUE(reply.publish_reply("P", "run"));
  EXPECT_TRUE(made_by_others.contains("run"));
}

TEST_F(ReplySideTest, LeavesNothingBehindWhenWritingFails) {
  ReplySide reply(reply_base);
  ASSERT_EQ(::mkdir((reply_base + "/report/run.txt").c_str(), 0700), 0);
  EXPECT_THROW(reply.put_report("run.txt", "x", 0644), SysError);
  EXPECT_EQ(count(reply_base + "/report"), 1U);
  UniqueFd not_open;
  EXPECT_THROW(reply.put_report("run", not_open.get(), 0755), SysError);
  EXPECT_EQ(count(reply_base + "/report"), 1U);
}

TEST_F(ReplySideTest, WorksWithAnOutThatItMayNotEnter) {
  // As ej-contests makes it: out for itself alone, the others for the group. Root may enter everything, so root's test
  // goes on as another user; any other user's shuts itself out.
  const bool is_root = ::getuid() == 0;
  constexpr uid_t k_nobody = 65534;
  SafeDirectory made_by_contests([&] {
    make_directory(reply_base, 0777);
    return reply_base + "/status";
  }());
  make_directory(reply_base + "/report", 02770);
  for (const char* part : {"/status/in", "/status/dir", "/report"}) {
    ASSERT_EQ(::chmod((reply_base + part).c_str(), 02770), 0);
    if (is_root) {
      ASSERT_EQ(::chown((reply_base + part).c_str(), 0, k_nobody), 0);
    }
  }
  ASSERT_EQ(::chmod((reply_base + "/status/out").c_str(), is_root ? 0700 : 0), 0);
  ASSERT_EQ(::chmod(temp.path().c_str(), 0755), 0);
  int status = run_in_child([&] {
    if (is_root && (::setgroups(0, nullptr) != 0 || ::setgid(k_nobody) != 0 || ::setuid(k_nobody) != 0)) ::_exit(2);
    if (::open((reply_base + "/status/out").c_str(), O_RDONLY | O_DIRECTORY) >= 0) ::_exit(3);
    ReplySide reply(reply_base);
    reply.put_report("run.txt", "log", 0644);
    reply.stage_reply("P", "reply");
    if (!reply.publish_reply("P", "run")) ::_exit(4);
  });
  ASSERT_EQ(::chmod((reply_base + "/status/out").c_str(), 0700), 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(made_by_contests.read("run", 100), "reply");
  EXPECT_EQ(read_file(reply_base + "/report/run.txt", 100), "log");
  EXPECT_EQ(mode_of(reply_base + "/status/in"), 02770U);
}

TEST_F(ReplySideTest, ReportsAFullDiskAndKeepsTheClaim) {
  submit("P");
  int status = run_in_child([&] {
    RequestQueue queue(base);
    ReplySide reply(reply_base);
    queue.scan();
    auto claim = queue.take();
    // Stands for a full disk: no file may grow beyond 4 KiB.
    rlimit limit{4096, 4096};
    if (!claim || ::signal(SIGXFSZ, SIG_IGN) == SIG_ERR || ::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(2);
    try {
      reply.stage_reply("P", std::string(10000, 'x'));
      ::_exit(3);
    } catch (const SysError& e) {
      if (e.code() != EFBIG || !*claim || claim->is_delivering() || reply.has_staged("P")) ::_exit(4);
    }
    UniqueFd exe = make_memory_file("exe", std::string(4000, 'x'));
    reply.put_report("run", exe.get(), 0755);
    die_as_by_kill_9();
  });
  ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
  EXPECT_EQ(names(reply_base + "/report"), std::vector<std::string>{"run"});
  EXPECT_EQ(count(reply_base + "/status/in"), 0U);
  ASSERT_EQ(claims().size(), 1U);
  EXPECT_EQ(RequestQueue(base).adopt().size(), 1U);
}

TEST_F(ReplySideTest, NamesTheFileSystemsToWaitFor) {
  ReplySide reply(reply_base);
  FileSystems file_systems;
  reply.add_to(file_systems);
  FileSystems others;
  others.add(open_directory("/").get());
  others.add_all(std::move(file_systems));
  EXPECT_NO_THROW(others.sync({}));
  EXPECT_THROW(others.add(-1), SysError);
}

TEST_F(ReplySideTest, WritesOverWhatAKilledServerLeftHalfWritten) {
  ReplySide reply(reply_base);
  UniqueFd report = open_directory(reply_base + "/report");
  UniqueFd in = open_directory(reply_base + "/status/in");
  write_file_at(report.get(), ".run.txt.tmp", "half", 0644);
  write_file_at(in.get(), ".ejf,P.tmp", "half", 0644);
  reply.put_report("run.txt", "whole", 0644);
  reply.stage_reply("P", "reply");
  EXPECT_EQ(names(reply_base + "/report"), std::vector<std::string>{"run.txt"});
  EXPECT_EQ(count(reply_base + "/status/in"), 1U);
}

}  // namespace
}  // namespace ejf::spool
