// SPDX-License-Identifier: Apache-2.0
// Boxes that are directories: the spare that is made ahead, and the removal of old ones.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/files.h"
#include "prison.h"

namespace ejf::jail {
namespace {

class Boxes : public testing::Test {
 protected:
  void expect_at_most_a_spare() const {
    EXPECT_TRUE(becomes_true([&] { return names().size() == (is_root() ? 1U : 0U); })) << names().size();
  }
  std::vector<std::string> names() const { return list_directory(prison.directory().fd()); }
  /// The one directory that is there when no job is: the spare. None as an ordinary user, whose jobs could enter it.
  std::string wait_for_spare() const {
    EXPECT_TRUE(becomes_true([&] { return names().size() == 1; }));
    return prison.directory().path() + "/" + (names().size() == 1 ? names().front() : "no spare");
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
  expect_at_most_a_spare();
}

TEST_F(RootOnlyBoxes, NextOneIsTheSpare) {
  prison.shell("exit 0");
  const struct stat spare = stat_of(wait_for_spare());
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
      prison.jail().run(*box, Prison::shell_spec("id -u"), [&](RunReport r) { users.push_back(r.log.head); });
    }
    prison.process_until([&] { return users.size() == 2; });
    EXPECT_NE(users[0], users[1]);
  }
}

TEST_F(RootOnlyBoxes, SpareOfAKilledBrokerIsRemovedAtTheNextStart) {
  prison.shell("exit 0");
  const std::string spare = wait_for_spare();
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
  const pid_t sweeper = std::atoi(children.c_str());  // the oldest
  ASSERT_GT(sweeper, 0);
  expect_at_most_a_spare();
  ASSERT_EQ(::kill(sweeper, SIGKILL), 0);
  ASSERT_TRUE(becomes_true([&] { return ::kill(sweeper, 0) != 0; }));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(prison.shell("touch x").exit_code, 0);
  expect_at_most_a_spare();
}

}  // namespace
}  // namespace ejf::jail
