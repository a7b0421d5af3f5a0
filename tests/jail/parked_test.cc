// SPDX-License-Identifier: Apache-2.0
// Jails that wait for a job: they are there, they take it, they hold nothing of another one, and whoever dies at
// whatever moment is replaced.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <memory>
#include <thread>

#include "base/error.h"
#include "base/files.h"
#include "prison.h"

namespace ejf::jail {
namespace {

std::string try_read(const std::string& path) {
  try {
    return read_file(path, 1 << 16);
  } catch (const Error&) {
    return {};  // the process has just ended
  }
}

std::vector<pid_t> children_of(pid_t pid) {
  const std::string number = std::to_string(pid);
  const std::string text = try_read(std::string{"/proc/"}.append(number).append("/task/").append(number) + "/children");
  std::vector<pid_t> children;
  for (const char* at = text.c_str(); *at != '\0';) {
    char* end = nullptr;
    const long child = std::strtol(at, &end, 10);
    if (end == at) break;
    children.push_back(static_cast<pid_t>(child));
    at = *end == ' ' ? end + 1 : end;
  }
  return children;
}

/// The first processes of pid namespaces below the broker: parked, at work or leaving.
std::vector<pid_t> inits_of(pid_t broker) {
  std::vector<pid_t> inits;
  for (pid_t child : children_of(broker)) {
    const std::string status = try_read("/proc/" + std::to_string(child) + "/status");
    const std::size_t start = status.find("NSpid:");
    if (start == std::string::npos) continue;
    const std::string line = status.substr(start, status.find('\n', start) - start);
    if (line.ends_with("\t1")) inits.push_back(child);
  }
  return inits;
}

std::string link_of(const std::string& path) {
  std::array<char, PATH_MAX> target{};
  const ssize_t n = ::readlink(path.c_str(), target.data(), target.size() - 1);
  return {target.data(), n < 0 ? 0 : static_cast<std::size_t>(n)};
}

/// Children of the broker in a host name namespace of their own that are no inits. Only root may look.
std::vector<pid_t> zygotes_of(pid_t broker) {
  const std::vector<pid_t> inits = inits_of(broker);
  auto uts = [](pid_t pid) { return link_of("/proc/" + std::to_string(pid) + "/ns/uts"); };
  std::vector<pid_t> zygotes;
  for (pid_t child : children_of(broker)) {
    const bool is_init = std::find(inits.begin(), inits.end(), child) != inits.end();
    if (!is_init && !uts(child).empty() && uts(child) != uts(broker)) zygotes.push_back(child);
  }
  return zygotes;
}

std::string program_of(pid_t pid) {
  return try_read("/proc/" + std::to_string(pid) + "/comm");
}

/// The target of an init, when it waits for an order: it is not yet another program than its init. Else -1.
pid_t waiting_target_of(pid_t init) {
  const std::vector<pid_t> children = children_of(init);
  return children.size() == 1 && program_of(children.front()) == program_of(init) ? children.front() : -1;
}

bool is_gone(pid_t pid) {
  return ::kill(pid, 0) != 0;
}

/// Dead, and not yet waited for.
bool is_zombie(pid_t pid) {
  return try_read("/proc/" + std::to_string(pid) + "/status").find("\nState:\tZ") != std::string::npos;
}

class Parked : public testing::Test {
 protected:
  std::vector<pid_t> inits() { return inits_of(prison.jail().broker_pid()); }
  /// An init whose target waits for an order.
  bool becomes_parked() {
    return becomes_true([&] {
      const std::vector<pid_t> found = inits();
      parked = found.empty() ? -1 : found.front();
      target = found.size() == 1 ? waiting_target_of(parked) : -1;
      return target > 0;
    });
  }
  std::string namespace_seen_by(RunSpec spec) { return prison.run(std::move(spec)).log.head; }

  Prison prison{Mode::full, 1};
  pid_t parked = -1;
  pid_t target = -1;
};
using RootOnlyParked = Parked;

TEST_F(Parked, OneWaitsInEachSlotBeforeThereIsAJob) {
  Prison wide(Mode::full, 3);
  EXPECT_TRUE(becomes_true([&] { return inits_of(wide.jail().broker_pid()).size() == 3; }));
  EXPECT_TRUE(becomes_parked());
}

TEST_F(Parked, TakesTheNextJobAndIsFollowedByAnother) {
  ASSERT_TRUE(becomes_parked());
  const pid_t first = parked;
  Box box = prison.make_box();
  bool done = false;
  const Jail::RunId run = prison.jail().run(box, Prison::shell_spec("exec sleep 1000"), [&](const RunReport& report) {
    EXPECT_EQ(report.verdict, Verdict::cancelled);
    done = true;
  });
  EXPECT_TRUE(becomes_true([&] { return program_of(target) == "sleep\n"; }));
  EXPECT_EQ(inits(), std::vector<pid_t>{first});
  prison.jail().cancel(run);
  prison.process_until([&] { return done; });
  EXPECT_TRUE(becomes_true([&] { return is_gone(first); }));
  EXPECT_TRUE(becomes_parked());
}

TEST_F(RootOnlyParked, HoldsNoDescriptorOfAJob) {
  ASSERT_EQ(prison.shell("true").exit_code, 0);
  Box other = prison.make_box({{"a", "text"}});
  const std::string waits = std::to_string(SYS_recvmsg) + " 0x3 ";  // it has its rehearsal behind it
  ASSERT_TRUE(becomes_true([&] {
    const std::vector<pid_t> found = inits();  // the last job's may still be leaving
    parked = found.empty() ? -1 : found.front();
    target = waiting_target_of(parked);
    return found.size() == 1 && try_read("/proc/" + std::to_string(target) + "/syscall").starts_with(waits);
  }));
  for (pid_t pid : {parked, target}) {
    const std::string directory = "/proc/" + std::to_string(pid) + "/fd";
    auto descriptor = [&](const char* number) { return link_of(std::string{directory}.append("/").append(number)); };
    for (const std::string& name : list_directory(open_directory(directory).get())) {
      EXPECT_LT(std::atoi(name.c_str()), 6) << name;
    }
    for (const char* standard : {"0", "1", "2"}) EXPECT_FALSE(descriptor(standard).starts_with("socket:"));
    EXPECT_TRUE(descriptor("3").starts_with("socket:"));
    EXPECT_EQ(descriptor("4"), "/dev/null");
    EXPECT_EQ(descriptor("5"), "/");  // the view
  }
}

TEST_F(Parked, OneThatDiedIsReplacedByTheNextJob) {
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(becomes_parked());
    ::kill(i < 5 ? parked : target, SIGKILL);
    const bool is_waited_for = i % 2 == 0;
    if (is_waited_for) {
      EXPECT_TRUE(becomes_true([&] { return is_gone(parked); }));
    }
    RunReport report = prison.shell("echo here");
    // One that dies with the order in its hands may have begun with it: that is said, and nothing is tried again here.
    if (!is_waited_for && report.verdict == Verdict::jail_failed) report = prison.shell("echo here");
    EXPECT_EQ(report.log.head, "here\n") << report.reason;
  }
}

TEST_F(Parked, OrderThatADeadTargetCannotReadGoesToAnother) {
  ASSERT_TRUE(becomes_parked());
  ASSERT_EQ(::kill(parked, SIGSTOP), 0);  // so that the order is there before it notices
  ASSERT_EQ(::kill(target, SIGKILL), 0);
  // Until it has got round to die it would still take an order.
  ASSERT_TRUE(becomes_true([&] { return is_zombie(target); }));
  Box box = prison.make_box();
  bool done = false;
  prison.jail().run(box, Prison::shell_spec("echo here"), [&](const RunReport& report) {
    EXPECT_EQ(report.log.head, "here\n") << report.reason;
    done = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ASSERT_EQ(::kill(parked, SIGCONT), 0);
  prison.process_until([&] { return done; });
}

TEST_F(RootOnlyParked, ZygoteThatDiedIsReplaced) {
  EXPECT_TRUE(becomes_parked());
  const std::vector<pid_t> zygotes = zygotes_of(prison.jail().broker_pid());
  ASSERT_EQ(zygotes.size(), 1U);
  ASSERT_EQ(::kill(zygotes.front(), SIGKILL), 0);
  EXPECT_TRUE(becomes_true([&] { return is_gone(zygotes.front()); }));
  EXPECT_EQ(prison.shell("echo by the parked one").log.head, "by the parked one\n");
  ASSERT_TRUE(becomes_parked());
  EXPECT_EQ(prison.shell("echo by a new one").log.head, "by a new one\n");
}

/// With as many boxes as users the spare is meant for one of these; by the time it is taken that may be the wrong one.
TEST_F(RootOnlyParked, SpareBoxGetsAUserWhomNoOtherBoxHas) {
  Prison wide(Mode::full, 2);
  auto boxes_in_sight = [&wide] {
    const std::string mounts = try_read("/proc/" + std::to_string(wide.jail().broker_pid()) + "/mountinfo");
    std::size_t count = 0;
    for (std::size_t at = 0; (at = mounts.find("-box-", at)) != std::string::npos; ++at) ++count;
    return count;
  };
  Box kept = wide.make_box();
  auto dropped = std::make_unique<Box>(wide.make_box());
  ASSERT_TRUE(becomes_true([&] { return boxes_in_sight() == 3; }));
  dropped.reset();
  Box next = wide.make_box();
  std::vector<std::string> users;
  for (Box* box : {&kept, &next}) {
    wide.jail().run(*box, Prison::shell_spec("touch mine && id -u"),
                    [&](const RunReport& report) { users.push_back(report.log.head); });
  }
  wide.process_until([&] { return users.size() == 2; });
  for (const std::string& user : users) EXPECT_GT(std::atoi(user.c_str()), 0) << user;
  EXPECT_NE(users[0], users[1]);
}

TEST_F(Parked, KindsOfNetworkTakeTurns) {
  const std::string host = link_of("/proc/self/ns/net") + "\n";
  std::string last;
  for (int i = 0; i < 3; ++i) {
    RunSpec none = Prison::shell_spec("readlink /proc/self/ns/net");
    RunSpec network = none.duplicate();
    network.network = true;
    RunSpec loopback = none.duplicate();
    loopback.loopback = true;
    EXPECT_EQ(namespace_seen_by(std::move(network)), host);
    const std::string nothing = namespace_seen_by(std::move(none));
    EXPECT_TRUE(nothing.starts_with("net:")) << nothing;
    EXPECT_NE(nothing, host);
    const std::string lo = namespace_seen_by(std::move(loopback));
    EXPECT_TRUE(lo.starts_with("net:")) << lo;
    EXPECT_NE(lo, nothing);
    EXPECT_NE(lo, host);
    EXPECT_TRUE(last.empty() || last == nothing);
    last = nothing;
  }
}

TEST_F(Parked, AJobRightBehindAnotherHasNamespacesOfItsOwn) {
  std::string last;
  for (int i = 0; i < 50; ++i) {
    const RunReport report = prison.shell("readlink /proc/self/ns/mnt /proc/self/ns/pid /proc/self/ns/ipc; echo $$");
    ASSERT_TRUE(report.log.head.ends_with("\n2\n")) << report.log.head << report.reason;
    last = report.log.head;
  }
}

/// Who has no descriptor for a result does not know what it is.
TEST_F(Parked, ResultThatCannotBeOpenedIsTheJailsFault) {
  const pid_t broker = prison.jail().broker_pid();
  RunSpec spec = Prison::shell_spec("read line && echo program > out");
  auto [from, to] = make_pipe();
  spec.standard_input = std::move(from);
  spec.outputs.push_back({"out", 0});
  Box box = prison.make_box();
  RunReport report;
  bool done = false;
  ASSERT_TRUE(becomes_parked());
  prison.jail().run(box, std::move(spec), [&](RunReport got) {
    report = std::move(got);
    done = true;
  });
  EXPECT_TRUE(becomes_true([&] { return program_of(target) == "sh\n"; }));
  rlimit before{};
  ASSERT_EQ(::prlimit(broker, RLIMIT_NOFILE, nullptr, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(::prlimit(broker, RLIMIT_NOFILE, &none, nullptr), 0);
  ASSERT_EQ(::write(to.get(), "\n", 1), 1);
  prison.process_until([&] { return done; });
  EXPECT_EQ(report.verdict, Verdict::jail_failed);
  EXPECT_EQ(report.reason, "open out: Too many open files");
  EXPECT_TRUE(report.outputs.empty());
  ASSERT_EQ(::prlimit(broker, RLIMIT_NOFILE, &before, nullptr), 0);
  EXPECT_EQ(prison.shell("echo again").log.head, "again\n");
}

TEST_F(Parked, GoesWithItsBroker) {
  ASSERT_TRUE(becomes_parked());
  const pid_t broker = prison.jail().broker_pid();
  ::kill(broker, SIGKILL);
  EXPECT_TRUE(becomes_true([&] { return is_gone(parked); }));
  prison.process_until([&] { return prison.jail().broker_pid() != broker; });
  EXPECT_EQ(prison.shell("echo again").log.head, "again\n");
}

TEST_F(Parked, GoesWithItsServer) {
  ASSERT_TRUE(becomes_parked());
  prison.end();
  EXPECT_TRUE(is_gone(parked));
}

TEST_F(Parked, NoneIsMadeWhereThatIsOff) {
  JailConfig config = prison.config();
  config.parks = false;
  config.cgroup_name += "-cold";
  config.first_uid += 100;
  Jail cold(config);
  for (int i = 0; i < 3; ++i) {
    Box box = cold.make_box({});
    bool done = false;
    cold.run(box, Prison::shell_spec("true"), [&](const RunReport& report) {
      EXPECT_EQ(report.verdict, Verdict::exited) << report.reason;
      done = true;
    });
    EXPECT_TRUE(becomes_true([&] {
      cold.process();
      return done;
    }));
    EXPECT_TRUE(becomes_true([&] { return inits_of(cold.broker_pid()).empty(); }));
  }
}

class ParkedWithoutNamespaces : public testing::Test {
 protected:
  struct Pair {
    pid_t init;
    pid_t target;
  };
  std::vector<pid_t> children() { return children_of(prison.jail().broker_pid()); }
  std::vector<Pair> pairs() {
    std::vector<Pair> found;
    for (pid_t child : children()) {
      if (const pid_t target = waiting_target_of(child); target > 0) found.push_back({child, target});
    }
    return found;
  }
  /// Zygotes and the sweeper have no children, inits have.
  void signal_zygotes(int signal) {
    for (pid_t child : children()) {
      if (children_of(child).empty()) ::kill(child, signal);
    }
  }

  Prison prison{Mode::none, 2};
};

TEST_F(ParkedWithoutNamespaces, TakesTheNextJobAndIsFollowedByAnother) {
  ASSERT_TRUE(becomes_true([&] { return pairs().size() == 2; }));
  const std::vector<Pair> before = pairs();
  Box box = prison.make_box();
  bool done = false;
  const Jail::RunId run =
      prison.jail().run(box, Prison::shell_spec("exec sleep 1000"), [&](const RunReport&) { done = true; });
  auto is_taken = [](const Pair& pair) { return program_of(pair.target) == "sleep\n"; };
  EXPECT_TRUE(becomes_true([&] { return std::count_if(before.begin(), before.end(), is_taken) == 1; }));
  prison.jail().cancel(run);
  prison.process_until([&] { return done; });
  EXPECT_TRUE(becomes_true([&] { return pairs().size() == 2; }));
}

/// Orphans of a killed init come to the broker, which cannot tell them from an init that has not said who it is. Those
/// of the orphans come to it when these are dead.
TEST_F(ParkedWithoutNamespaces, StraysAreKilledWhenTheyCanBeTold) {
  ASSERT_TRUE(becomes_true([&] { return pairs().size() == 2; }));
  const std::vector<Pair> before = pairs();
  const std::string marker = make_marker();
  Box first = prison.make_box();
  Box second = prison.make_box();
  int done = 0;
  const std::string family = "sh -c \"sh -c 'sleep 1000; : " + marker + "'; :\" & wait";
  prison.jail().run(first, Prison::shell_spec(family), [&](const RunReport& report) {
    EXPECT_EQ(report.verdict, Verdict::jail_failed);
    ++done;
  });
  EXPECT_TRUE(becomes_true([&] { return processes_with(marker).size() == 3; }));
  const bool is_first = program_of(before[0].target) != program_of(before[0].init);
  const Pair& taken = before[is_first ? 0 : 1];
  ::kill(before[is_first ? 1 : 0].init, SIGKILL);
  EXPECT_TRUE(becomes_true([&] { return pairs().empty(); }));
  signal_zygotes(SIGSTOP);
  prison.jail().run(second, Prison::shell_spec("echo here"), [&](const RunReport& report) {
    EXPECT_EQ(report.log.head, "here\n") << report.reason;
    ++done;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ::kill(taken.init, SIGKILL);
  prison.process_until([&] { return done == 1; });
  signal_zygotes(SIGCONT);
  prison.process_until([&] { return done == 2; });
  EXPECT_TRUE(becomes_true([&] { return processes_with(marker).empty(); }));
}

/// Whoever dies, the run has an end, nothing of it is left, and the next one is as good as ever.
TEST_F(Parked, InitsAndTargetsMayBeKilledAtAnyMoment) {
  const std::string marker = make_marker();
  constexpr int k_rounds = 60;
  for (int i = 0; i < k_rounds; ++i) {
    Box box = prison.make_box();
    bool done = false;
    prison.jail().run(box, Prison::shell_spec("sleep 0.001 # " + marker), [&](const RunReport& report) {
      // Killed when it had just become the program.
      const bool is_killed = report.verdict == Verdict::signaled && report.signal == SIGKILL;
      EXPECT_TRUE(is_killed || report.verdict == Verdict::exited || report.verdict == Verdict::jail_failed)
          << report.reason;
      done = true;
    });
    constexpr int k_step_us = 50;
    std::this_thread::sleep_for(std::chrono::microseconds(i * k_step_us));
    for (pid_t init : inits()) {
      const pid_t waiting = i % 2 == 0 ? -1 : waiting_target_of(init);
      ::kill(waiting > 0 ? waiting : init, SIGKILL);
    }
    prison.process_until([&] { return done; });
    EXPECT_TRUE(processes_with(marker).empty());
  }
  EXPECT_EQ(prison.shell("echo here").log.head, "here\n");
  EXPECT_TRUE(becomes_parked());
}

}  // namespace
}  // namespace ejf::jail
