// SPDX-License-Identifier: Apache-2.0
// Boxes that are directories: the spare that is made ahead, and the removal of old ones.
#include <fcntl.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdlib>

#include "base/error.h"
#include "base/files.h"
#include "prison.h"

namespace ejf::jail {
namespace {

class Boxes : public testing::Test {
 protected:
  /// Nothing else is left but the spare, of the next number; none as an ordinary user, whose jobs could enter it.
  void expect_only_the_spare(unsigned number) const {
    const std::string end = "-box-" + std::to_string(number);
    EXPECT_TRUE(becomes_true([&] {
      const auto now = names();
      return is_root() ? now.size() == 1 && now.front().ends_with(end) : now.empty();
    })) << names().size();
  }
  std::vector<std::string> names() const { return list_directory(prison.directory().fd()); }
  std::string wait_for_spare(unsigned number) const {
    expect_only_the_spare(number);
    std::string spare = prison.directory().path() + "/" + names().at(0);
    // It is made in steps, and the directory is only the first.
    EXPECT_TRUE(becomes_true(
        [&] { return try_stat_at(AT_FDCWD, spare + "/.home") && try_stat_at(AT_FDCWD, spare + "/.tmp"); }));
    return spare;
  }
  static struct stat stat_of(const std::string& path) {
    auto st = try_stat_at(AT_FDCWD, path);
    EXPECT_TRUE(st.has_value()) << path;
    return st.value_or(stat_t{});
  }

  Prison prison{Mode::none};

 private:
  using stat_t = struct stat;
};

class RootOnlyBoxes : public Boxes {
 protected:
  void SetUp() override { EJF_NEED(is_root(), "root"); }
};

TEST_F(Boxes, OldOnesGoAndOneIsMadeAhead) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(prison.shell("mkdir -p a/b; touch a/b/c").exit_code, 0);
  expect_only_the_spare(21);
}

TEST_F(RootOnlyBoxes, NextOneIsTheSpare) {
  prison.shell("exit 0");
  const struct stat spare = stat_of(wait_for_spare(2));
  EXPECT_EQ(spare.st_uid, ::geteuid());
  EXPECT_EQ(spare.st_mode & 07777, 0700U);
  Box box = prison.make_box();
  RunReport report = prison.run_in(box, Prison::shell_spec("stat -c '%i %u' . && stat -c %u .home .tmp && id -u"));
  const std::string uid = std::to_string(stat_of(prison.jail().directory(box)).st_uid) + "\n";
  EXPECT_NE(uid, "0\n");
  EXPECT_EQ(report.log.head, std::to_string(spare.st_ino) + " " + uid + uid + uid + uid);
}

TEST_F(RootOnlyBoxes, SpareCannotBeEnteredByARunningJob) {
  RunReport report = prison.shell(
      "while set -- ../*-box-2; [ ! -d $1 ]; do :; done\n"
      "{ ls $1 || touch $1/x || touch $1/.home/x || echo closed; } 2>/dev/null");
  EXPECT_EQ(report.log.head, "closed\n");
  EXPECT_EQ(prison.shell("ls -A . .home .tmp").log.head, ".:\n.home\n.tmp\n\n.home:\n\n.tmp:\n");
}

TEST_F(RootOnlyBoxes, UsersOfJobsAtOneTimeDiffer) {
  for (int round = 0; round < 5; ++round) {
    Box left = prison.make_box();
    Box right = prison.make_box();
    std::vector<std::string> users;
    for (Box* box : {&left, &right}) {
      prison.jail().run(*box, Prison::shell_spec("id -u"), [&](const RunReport& r) { users.push_back(r.log.head); });
    }
    prison.process_until([&] { return users.size() == 2; });
    EXPECT_NE(users[0], users[1]);
  }
}

TEST_F(RootOnlyBoxes, SpareOfAKilledBrokerIsRemovedAtTheNextStart) {
  prison.shell("exit 0");
  const std::string spare = wait_for_spare(2);
  ASSERT_TRUE(make_directory(spare + "/.home/deep", 0755));
  const pid_t killed = prison.jail().broker_pid();
  ::kill(killed, SIGKILL);
  prison.process_until([&] { return prison.jail().broker_pid() != killed; });
  EXPECT_FALSE(try_stat_at(AT_FDCWD, spare + "/.home/deep"));
  prison.end();
  EXPECT_EQ(names(), std::vector<std::string>{});
}

TEST_F(Boxes, AreRemovedWithoutTheSweeperToo) {
  const std::string broker = std::to_string(prison.jail().broker_pid());
  const std::string children = read_file("/proc/" + broker + "/task/" + broker + "/children", 4096);
  const auto sweeper = static_cast<pid_t>(std::strtol(children.c_str(), nullptr, 10));  // the oldest
  ASSERT_GT(sweeper, 0);
  expect_only_the_spare(1);
  ASSERT_EQ(::kill(sweeper, SIGKILL), 0);
  ASSERT_TRUE(becomes_true([&] { return ::kill(sweeper, 0) != 0; }));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(prison.shell("touch x").exit_code, 0);
  expect_only_the_spare(4);
}

TEST(ReadOnlyBox, KeepsItsHomeAndTmpWritable) {
  Prison prison(Mode::full);
  Box box = prison.make_box({{"source", "text\n"}});
  EXPECT_EQ(prison.run_in(box, Prison::shell_spec("mkdir d; echo 1 >d/f")).exit_code, 0);
  RunSpec spec = Prison::shell_spec(
      "for f in source new d/f .home/../new; do (echo x >$f) || echo closed; done 2>/dev/null\n"
      "rm source 2>/dev/null || mount -o remount,rw . 2>/dev/null || echo closed\n"
      "echo a >/tmp/a; echo b >.home/b; cat .tmp/a .home/b source d/f");
  spec.read_only_box = true;
  spec.outputs = {{".tmp/a", 0}};
  RunReport report = prison.run_in(box, std::move(spec));
  EXPECT_EQ(report.log.head, "closed\nclosed\nclosed\nclosed\nclosed\na\nb\ntext\n1\n") << report.reason;
  EXPECT_EQ(content_of(report.outputs.at(0)), "a\n");
  EXPECT_EQ(prison.run_in(box, Prison::shell_spec("echo 2 >d/f; cat d/f /tmp/a")).log.head, "2\na\n");
}

TEST(ReadOnlyBox, MayHaveLostItsTmp) {
  Prison prison(Mode::full);
  Box box = prison.make_box();
  EXPECT_EQ(prison.run_in(box, Prison::shell_spec("rm -r .tmp; rmdir .home; ln -s / .home")).exit_code, 0);
  RunSpec spec = Prison::shell_spec("mkdir .tmp 2>/dev/null || touch .home/x 2>/dev/null || echo closed");
  spec.read_only_box = true;
  EXPECT_EQ(prison.run_in(box, std::move(spec)).log.head, "closed\n");
}

}  // namespace
}  // namespace ejf::jail
