// SPDX-License-Identifier: Apache-2.0
#include "base/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/child.h"
#include "base/error.h"
#include "base/file_lock.h"
#include "base/temp_dir.h"

namespace ejf {
namespace {

TEST(UniqueFd, ClosesOnDestruction) {
  int number;
  {
    Pipe pipe = make_pipe();
    number = pipe.read_end.get();
    EXPECT_EQ(::fcntl(number, F_GETFD), FD_CLOEXEC);
  }
  EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

TEST(MakeDirectory, SetsTheModeWhateverTheUmaskIs) {
  TempDir temp("/tmp", "ejf-test-");
  mode_t old = ::umask(0077);
  EXPECT_TRUE(make_directory_at(temp.fd(), "d", 0777));
  ::umask(old);
  EXPECT_EQ(try_stat_at(temp.fd(), "d")->st_mode & 07777, 0777U);
  EXPECT_FALSE(make_directory_at(temp.fd(), "d", 0700));
  EXPECT_EQ(try_stat_at(temp.fd(), "d")->st_mode & 07777, 0777U);
}

TEST(ReadRegular, RefusesLinksFifosAndLargeFiles) {
  TempDir temp("/tmp", "ejf-test-");
  write_file_at(temp.fd(), "f", "hello", 0644);
  EXPECT_EQ(try_read_regular_at(temp.fd(), "f", 5), "hello");
  EXPECT_THROW(try_read_regular_at(temp.fd(), "f", 4), Error);
  EXPECT_FALSE(try_read_regular_at(temp.fd(), "none", 5));
  ASSERT_EQ(::symlinkat("f", temp.fd(), "l"), 0);
  EXPECT_THROW(try_read_regular_at(temp.fd(), "l", 5), SysError);
  ASSERT_EQ(::mkfifoat(temp.fd(), "p", 0600), 0);
  EXPECT_THROW(try_read_regular_at(temp.fd(), "p", 5), Error);
}

TEST(ReadFile, ReadsTheWholeOfAFileOfProcSys) {
  // Such a file has size 0 and gives nothing to a second read. This one always has several digits.
  EXPECT_GE(read_file("/proc/sys/kernel/pid_max", 100).size(), 4U);
}

TEST(CopyAll, CopiesAcrossFileSystems) {
  TempDir temp("/tmp", "ejf-test-");
  std::string data(300000, 'z');
  UniqueFd from = make_memory_file("from", data);
  UniqueFd to = open_at(temp.fd(), "to", O_RDWR | O_CREAT, 0600);
  EXPECT_EQ(copy_all(from.get(), to.get(), "to"), data.size());
  EXPECT_EQ(try_read_regular_at(temp.fd(), "to", 1 << 20), data);
}

TEST(AtomicFile, LeavesTheOldFileUnlessCommitted) {
  TempDir temp("/tmp", "ejf-test-");
  write_file_at(temp.fd(), "f", "old", 0600);
  {
    AtomicFile file(temp.fd(), "f", 0644);
    file.write("new");
  }
  EXPECT_EQ(try_read_regular_at(temp.fd(), "f", 10), "old");
  EXPECT_EQ(list_directory(temp.fd()).size(), 1U);
  AtomicFile file(temp.fd(), "f", 0644);
  file.write("new");
  file.commit();
  EXPECT_EQ(try_read_regular_at(temp.fd(), "f", 10), "new");
  EXPECT_EQ(try_stat_at(temp.fd(), "f")->st_mode & 07777, 0644U);
}

TEST(RemoveTree, RemovesADeepChainAndFollowsNoLink) {
  TempDir temp("/tmp", "ejf-test-");
  make_directory_at(temp.fd(), "victim", 0755);
  write_file_at(temp.fd(), "victim-file", "x", 0644);
  make_directory_at(temp.fd(), "tree", 0755);
  UniqueFd level = open_directory_at(temp.fd(), "tree");
  ASSERT_EQ(::symlinkat("../victim-file", level.get(), "link"), 0);
  ASSERT_EQ(::symlinkat("../victim", level.get(), "dirlink"), 0);
  for (int i = 0; i < 3000; ++i) {
    make_directory_at(level.get(), "d", 0700);
    write_file_at(level.get(), "f", "", 0600);
    UniqueFd next = open_directory_at(level.get(), "d");
    ASSERT_EQ(::fchmod(level.get(), 0), 0);
    level = std::move(next);
  }
  remove_tree_at(temp.fd(), "tree");
  EXPECT_FALSE(try_stat_at(temp.fd(), "tree"));
  EXPECT_TRUE(try_stat_at(temp.fd(), "victim"));
  EXPECT_TRUE(try_stat_at(temp.fd(), "victim-file"));
  remove_tree_at(temp.fd(), "tree");
}

TEST(FileLock, IsHeldByOneAndFreedWithItsOwner) {
  TempDir temp("/tmp", "ejf-test-");
  {
    auto lock = FileLock::try_lock(temp.fd(), "l");
    ASSERT_TRUE(lock);
    EXPECT_TRUE(FileLock::is_locked(temp.fd(), "l"));
    EXPECT_FALSE(FileLock::try_lock(temp.fd(), "l"));
  }
  EXPECT_FALSE(FileLock::is_locked(temp.fd(), "l"));
  EXPECT_FALSE(FileLock::is_locked(temp.fd(), "none"));
}

TEST(Child, RunsWithExactlyTheNamedDescriptorsAndEnvironment) {
  Pipe out = make_pipe();
  ChildSpec spec{
      .program = "/bin/sh",
      .argv = {"sh", "-c",
               "echo $A; pwd; for n in 0 1 2 3 4 5 6 7 8 9; do [ -e /proc/$$/fd/$n ] && printf '%s ' $n; done"},
      .env = {"A=b"},
      .directory = "/",
      .fds = {{out.write_end.get(), 1}}};
  Child child(spec);
  out.write_end.reset();
  std::string text = read_all(out.read_end.get(), 1000, "output");
  child.wait();
  EXPECT_EQ(text, "b\n/\n0 1 2 ");
}

TEST(Child, ThrowsWhenTheProgramDoesNotExist) {
  ChildSpec spec{.program = "/nonexistent/program", .argv = {"program"}, .env = {}, .directory = "", .fds = {}};
  EXPECT_THROW(Child{spec}, SysError);
}

TEST(Child, IsKilledWhenItsOwnerGoes) {
  pid_t pid;
  {
    ChildSpec spec{.program = "/bin/sleep", .argv = {"sleep", "1000"}, .env = {}, .directory = "", .fds = {}};
    Child child(spec);
    pid = child.pid();
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

}  // namespace
}  // namespace ejf
