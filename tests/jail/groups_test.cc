// SPDX-License-Identifier: Apache-2.0
// What control groups do for a job and its neighbours.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "base/child.h"
#include "base/files.h"
#include "jail/jail.h"
#include "prison.h"

namespace ejf::jail {
namespace {

using std::chrono::milliseconds;

class RootOnlyGroups : public testing::Test {
 protected:
  void SetUp() override { EJF_NEED(is_root(), "root"); }
  Prison prison{Mode::full};
};

/// Processes that do nothing but work, each in a session of its own, until the job's time is up.
RunSpec make_workers(unsigned count) {
  RunSpec spec = Prison::python_spec("import os\nfor i in range(" + std::to_string(count) +
                                     " - 1):\n  if os.fork() == 0: os.setsid(); break\nwhile True: pass");
  spec.limits.real_time = milliseconds(2000);
  return spec;
}

/// What both got of the processors.
struct Shares {
  std::chrono::microseconds modest{0};
  std::chrono::microseconds greedy{0};
};

Shares share_machine(Prison& prison) {
  const unsigned enough = std::max(1U, std::thread::hardware_concurrency());
  Box left = prison.make_box();
  Box right = prison.make_box();
  Shares shares;
  int running = 2;
  auto start = [&](Box& box, unsigned workers, std::chrono::microseconds& share) {
    prison.jail().run(box, make_workers(workers), [&](const RunReport& report) {
      share = report.cpu_time;
      --running;
    });
  };
  start(left, enough, shares.modest);
  start(right, 20 * enough, shares.greedy);
  prison.process_until([&] { return running == 0; });
  return shares;
}

TEST_F(RootOnlyGroups, JobWithManyProcessesGetsNoMoreThanItsNeighbour) {
  EJF_NEED(prison.jail().features().cgroup.find("cpu") != std::string::npos, "a control group for the processor");
  // Without shares it gets a twentieth each time; with them what else the machine does may fall on it alone.
  Shares shares;
  for (int attempt = 0; attempt < 4; ++attempt) {
    shares = share_machine(prison);
    ASSERT_GT(shares.greedy.count(), 0);
    if (2 * shares.modest > shares.greedy) return;
  }
  FAIL() << shares.modest.count() << " us beside " << shares.greedy.count() << " us";
}

/// The kernel adds the time of a process to that of its parent when the parent waits for it, and these do not.
TEST_F(RootOnlyGroups, ProcessorTimeOfChildrenThatNobodyWaitsForCounts) {
  EJF_NEED(prison.jail().features().cgroup.find("cpu") != std::string::npos, "a control group for the processor");
  RunSpec spec = Prison::python_spec(
      "import os, signal, time\n"
      "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
      "for i in range(200):\n"
      "    if os.fork() == 0:\n"
      "        while time.process_time() < 0.02: pass\n"
      "        os._exit(0)\n"
      "    try: os.wait()\n"
      "    except ChildProcessError: pass\n");
  spec.limits.cpu_time = std::chrono::milliseconds(500);
  RunReport report = prison.run(std::move(spec));
  EXPECT_EQ(report.verdict, Verdict::cpu_limit);
  EXPECT_GE(report.cpu_time, std::chrono::milliseconds(490));
}

/// With a group that is made anew after each job that cannot be done now, and its counters go on.
TEST_F(RootOnlyGroups, StrangerInItsGroupChangesNoVerdict) {
  const std::vector<std::string> groups = control_groups_named(prison.config().cgroup_name);
  EJF_NEED(!groups.empty(), "control groups");
  ChildSpec sleeper;
  sleeper.program = "/bin/sleep";
  sleeper.argv = {"sleep", "1000"};
  Child stranger(sleeper);
  const std::string pid = std::to_string(stranger.pid());
  auto write = [](const std::string& path, const std::string& text) {
    write_all(open_at(AT_FDCWD, path, O_WRONLY).get(), text, path);
  };
  // A root without the right to spare it (version 2 kills a whole group) sees only that nothing goes wrong.
  const UniqueFd score = open_at(AT_FDCWD, "/proc/" + pid + "/oom_score_adj", O_WRONLY);
  EXPECT_TRUE(::write(score.get(), "-1000", 5) == 5 || errno == EACCES);
  for (const std::string& group : groups) write(group + "/slot0/cgroup.procs", pid);
  RunReport report = prison.python("a = []\nwhile True: a.append(bytearray(1 << 20))",
                                   [](RunSpec& spec) { spec.limits.memory = std::uint64_t{64} << 20; });
  EXPECT_EQ(report.verdict, Verdict::memory_limit) << report.log.head;
  for (int i = 0; i < 2; ++i) EXPECT_EQ(prison.shell("exit 0").verdict, Verdict::exited);
  stranger.kill(SIGKILL);
  stranger.wait();
  for (int i = 0; i < 2; ++i) EXPECT_EQ(prison.shell("exit 0").verdict, Verdict::exited);
}

}  // namespace
}  // namespace ejf::jail
