// SPDX-License-Identifier: Apache-2.0
// What holds with and without a jail: verdicts, limits, logs, files, and that nothing outlives its job.
#include "jail/jail.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/child.h"
#include "base/error.h"
#include "base/files.h"
#include "prison.h"

namespace ejf::jail {
namespace {

using std::chrono::milliseconds;

class AnyJail : public testing::TestWithParam<Mode> {
 protected:
  Prison prison{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Modes, AnyJail, testing::Values(Mode::full, Mode::none),
                         [](const auto& each) { return each.param == Mode::full ? "full" : "none"; });

TEST_P(AnyJail, ReportsExitCodeLogAndTimes) {
  RunReport report = prison.shell("echo out; echo err >&2; exit 7");
  EXPECT_EQ(report.verdict, Verdict::exited) << report.reason;
  EXPECT_EQ(report.exit_code, 7);
  EXPECT_EQ(report.log.head, "out\nerr\n");
  EXPECT_EQ(report.log.omitted, 0U);
  EXPECT_GT(report.real_time.count(), 0);
}

TEST_P(AnyJail, ReportsSignal) {
  RunReport report = prison.shell("kill -SEGV $$");
  EXPECT_EQ(report.verdict, Verdict::signaled);
  EXPECT_EQ(report.signal, SIGSEGV);
}

TEST_P(AnyJail, ReportsWhatCannotBeStarted) {
  RunSpec spec;
  spec.argv = {"/usr/bin/no-such-program"};
  RunReport report = prison.run(std::move(spec));
  EXPECT_EQ(report.verdict, Verdict::start_failed);
  EXPECT_EQ(report.reason, "execute /usr/bin/no-such-program: No such file or directory");
  Box box = prison.make_box({{"plain", "#!/bin/sh\n"}});
  spec.argv = {"./plain"};
  report = prison.run_in(box, std::move(spec));
  EXPECT_EQ(report.verdict, Verdict::start_failed);
  EXPECT_EQ(report.reason, "execute ./plain: Permission denied");
}

TEST_P(AnyJail, EndsAtTheRealTimeLimit) {
  // A machine that is busy, or emulated, may not come to the first word so soon.
  for (milliseconds limit(150);; limit *= 2) {
    RunSpec spec = Prison::shell_spec("echo begin; sleep 1000");
    spec.limits.real_time = limit;
    RunReport report = prison.run(std::move(spec));
    EXPECT_EQ(report.verdict, Verdict::real_time_limit);
    EXPECT_GE(report.real_time, limit - milliseconds(10));
    EXPECT_LT(report.real_time, limit + milliseconds(4850));
    if (report.log.head == "begin\n") break;
    ASSERT_EQ(report.log.head, "");
    ASSERT_LT(limit, milliseconds(5000));
  }
}

TEST_P(AnyJail, AddsUpTheCpuTimeOfAllProcesses) {
  RunSpec spec = Prison::shell_spec("for i in 1 2 3; do (while :; do :; done) & done; wait");
  spec.limits.cpu_time = milliseconds(600);
  spec.limits.real_time = milliseconds(30'000);
  RunReport report = prison.run(std::move(spec));
  EXPECT_EQ(report.verdict, Verdict::cpu_limit);
  EXPECT_GE(report.cpu_time, milliseconds(590));
  EXPECT_LT(report.cpu_time, milliseconds(3000));
}

TEST_P(AnyJail, EndsAtTheIdleLimit) {
  RunSpec spec = Prison::shell_spec("echo begin; sleep 1000");
  spec.limits.idle_time = milliseconds(200);
  spec.limits.real_time = milliseconds(60'000);
  RunReport report = prison.run(std::move(spec));
  EXPECT_EQ(report.verdict, Verdict::idle_limit);
  EXPECT_EQ(report.log.head, "begin\n");
  EXPECT_GE(report.real_time, milliseconds(190));
}

TEST_P(AnyJail, IsNotIdleWhileAnyProcessComputes) {
  RunSpec spec = Prison::shell_spec("(i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done) & wait; echo done");
  spec.limits.idle_time = milliseconds(1000);
  RunReport report = prison.run(std::move(spec));
  EXPECT_EQ(report.verdict, Verdict::exited);
  EXPECT_EQ(report.log.head, "done\n");
}

TEST_P(AnyJail, EndsAtTheMemoryLimit) {
  RunReport report = prison.python("a = []\nwhile True: a.append(bytearray(1 << 20))",
                                   [](RunSpec& spec) { spec.limits.memory = std::uint64_t{64} << 20; });
  EXPECT_EQ(report.verdict, Verdict::memory_limit) << report.log.head;
  EXPECT_GT(report.peak_memory, std::uint64_t{32} << 20);
}

TEST_P(AnyJail, SurvivorOfAKilledChildIsStillAMemoryLimit) {
  RunSpec spec = Prison::shell_spec(
      "/usr/bin/python3 -c 'a = []\nwhile True: a.append(bytearray(1 << 20))'; echo driver goes on; exit 1");
  spec.limits.memory = std::uint64_t{64} << 20;
  EXPECT_EQ(prison.run(std::move(spec)).verdict, Verdict::memory_limit);
}

TEST_P(AnyJail, KeepsHeadAndTailOfALongLog) {
  RunSpec spec = Prison::shell_spec("echo first; yes | head -c 3000000; echo last");
  spec.limits.log_stored = 1000;
  RunReport report = prison.run(std::move(spec));
  EXPECT_EQ(report.verdict, Verdict::exited);
  EXPECT_EQ(report.log.head.substr(0, 6), "first\n");
  EXPECT_EQ(report.log.head.size() + report.log.tail.size(), 1000U);
  EXPECT_EQ(report.log.tail.substr(report.log.tail.size() - 5), "last\n");
  EXPECT_EQ(report.log.omitted, 3'000'011U - 1000U);
}

TEST_P(AnyJail, EndsAFloodOfTheLog) {
  RunSpec spec = Prison::shell_spec("yes");
  spec.limits.log_stored = 1000;
  spec.limits.log_drained = 5'000'000;
  RunReport report = prison.run(std::move(spec));
  EXPECT_EQ(report.verdict, Verdict::log_limit);
  EXPECT_GT(report.log.omitted, 4'900'000U);
  EXPECT_EQ(report.log.head.size(), 500U);
  constexpr std::uint64_t k_one_look = 65536;  // what is taken behind the limit, although the job goes on for a while
  EXPECT_LE(report.log.head.size() + report.log.omitted + report.log.tail.size(), 5'000'000U + k_one_look);
}

TEST_P(AnyJail, DiscardsOutputWhenAsked) {
  RunSpec spec = Prison::shell_spec("yes | head -c 3000000; exit 3");
  spec.discard_output = true;
  spec.limits.log_drained = 10;
  RunReport report = prison.run(std::move(spec));
  EXPECT_EQ(report.exit_code, 3);
  EXPECT_EQ(report.log.head, "");
}

TEST_P(AnyJail, CancelledRunSaysSo) {
  Box box = prison.make_box();
  RunReport result;
  bool done = false;
  auto id = prison.jail().run(box, Prison::shell_spec("sleep 1000"), [&](RunReport report) {
    result = std::move(report);
    done = true;
  });
  prison.jail().cancel(id);
  prison.process_until([&] { return done; });
  EXPECT_EQ(result.verdict, Verdict::cancelled);
  prison.jail().cancel(id);  // over: nothing happens
  EXPECT_EQ(prison.shell("exit 0").verdict, Verdict::exited);
}

TEST_P(AnyJail, FilesDirectoriesAndLinksAreInTheBox) {
  Box box = prison.make_box({{"a.c", "text a"}, {"deep/er/b.c", "text b"}});
  prison.jail().put_file(box, "tool", make_memory_file("tool", "#!/bin/sh\necho tool\n"), 0755);
  prison.jail().put_file(box, "a.c", make_memory_file("new", "new a"), 0644);
  prison.jail().put_directory(box, "build/sub");
  prison.jail().put_symlink(box, "build/link", "../a.c");
  RunSpec spec = Prison::shell_spec("../tool; cat link ../deep/er/b.c; echo; ls ..; touch sub/x ../deep/y; pwd");
  spec.directory = "build";
  spec.outputs = {{"build/sub/x", 0}, {"deep/y", 0}};
  RunReport report = prison.run_in(box, std::move(spec));
  EXPECT_EQ(report.log.head, "tool\nnew atext b\na.c\nbuild\ndeep\ntool\n" + prison.jail().directory(box) + "/build\n");
  EXPECT_EQ(report.outputs.at(0).state, FileState::ok);
  EXPECT_EQ(report.outputs.at(1).state, FileState::ok);
}

TEST_P(AnyJail, ContentIsReadFromItsStart) {
  UniqueFd file = make_memory_file("content", "whole text");
  ASSERT_EQ(::lseek(file.get(), 5, SEEK_SET), 5);
  Box box = prison.make_box();
  prison.jail().put_file(box, "f", file.duplicate(), 0644);
  EXPECT_EQ(prison.run_in(box, Prison::shell_spec("cat f")).log.head, "whole text");
}

TEST_P(AnyJail, NamesThatLeaveTheBoxFailTheRun) {
  for (const char* name : {"../x", "/etc/x", "a/../../x", "", ".", "a/", "link/x"}) {
    Box box = prison.make_box();
    prison.jail().put_symlink(box, "link", "/tmp");
    prison.jail().put_file(box, name, make_memory_file("f", "x"), 0644);
    RunReport report = prison.run_in(box, Prison::shell_spec("exit 0"));
    EXPECT_EQ(report.verdict, Verdict::jail_failed) << name;
    EXPECT_NE(report.reason, "") << name;
  }
}

TEST_P(AnyJail, StandardInputIsReadOrEmpty) {
  RunSpec spec = Prison::shell_spec("cat; echo end");
  spec.standard_input = make_memory_file("in", "text\n");
  EXPECT_EQ(prison.run(std::move(spec)).log.head, "text\nend\n");
  EXPECT_EQ(prison.shell("cat; echo end").log.head, "end\n");
}

TEST_P(AnyJail, OutputsAreCheckedNotTrusted) {
  RunSpec spec = Prison::shell_spec(
      "echo good >ok; echo program >exe; chmod 755 exe; ln -s /etc/passwd link; ln -s ok inner; mkfifo fifo; mkdir dir;"
      "echo x >hard; ln hard hard2; echo 123456789 >large; ln -s . self; echo secret >mode0; chmod 0 mode0");
  for (const char* name :
       {"ok", "exe", "link", "inner", "fifo", "dir", "hard", "missing", "self/ok", "../x", "mode0"}) {
    spec.outputs.push_back({name, 0});
  }
  spec.outputs.push_back({"large", 5});
  spec.outputs.push_back({"large", 10});
  RunReport report = prison.run(std::move(spec));
  ASSERT_EQ(report.verdict, Verdict::exited) << report.reason;
  ASSERT_EQ(report.exit_code, 0) << report.log.head;
  ASSERT_EQ(report.outputs.size(), 13U);
  std::map<std::string, const OutputFile*> by_name;
  for (const OutputFile& output : report.outputs) by_name[output.name] = &output;
  EXPECT_EQ(content_of(*by_name["ok"]), "good\n");
  EXPECT_FALSE(by_name["ok"]->executable);
  EXPECT_EQ(content_of(*by_name["exe"]), "program\n");
  EXPECT_TRUE(by_name["exe"]->executable);
  for (const char* name : {"link", "inner", "fifo", "dir", "hard", "self/ok", "../x"}) {
    EXPECT_EQ(by_name[name]->state, FileState::not_regular) << name;
    EXPECT_FALSE(by_name[name]->fd) << name;
  }
  EXPECT_EQ(by_name["missing"]->state, FileState::missing);
  EXPECT_EQ(report.outputs[11].state, FileState::too_large);
  EXPECT_EQ(report.outputs[11].size, 10U);
  EXPECT_EQ(report.outputs[12].state, FileState::ok);
}

TEST_P(AnyJail, MoreOutputsThanOneMessageTakesAreRefused) {
  RunSpec spec = Prison::shell_spec("echo x >f; yes | head -c 200000");
  for (std::size_t i = 0; i < k_most_outputs; ++i) spec.outputs.push_back({"f", 0});
  RunReport report = prison.run(std::move(spec));
  ASSERT_EQ(report.outputs.size(), k_most_outputs);
  EXPECT_EQ(content_of(report.outputs.back()), "x\n");
  EXPECT_EQ(report.log.head.size(), 200'000U);
  spec = Prison::shell_spec("echo x >f");
  for (std::size_t i = 0; i <= k_most_outputs; ++i) spec.outputs.push_back({"f", 0});
  report = prison.run(std::move(spec));
  EXPECT_EQ(report.verdict, Verdict::jail_failed);
  EXPECT_EQ(report.reason, "more files are wanted than one message can bring");
  EXPECT_EQ(prison.shell("echo again").log.head, "again\n");
}

TEST_P(AnyJail, OutputOutlivesItsBox) {
  RunReport report;
  {
    RunSpec spec = Prison::shell_spec("echo kept >f");
    spec.outputs = {{"f", 0}};
    report = prison.run(std::move(spec));
  }
  prison.shell("true");
  EXPECT_EQ(content_of(report.outputs.at(0)), "kept\n");
}

TEST_P(AnyJail, EnvironmentIsExactlyWhatWasGiven) {
  ::setenv("EJF_CANARY", "of the server", 1);
  RunSpec spec;
  spec.argv = {"/usr/bin/env"};
  spec.env = {"A=1", "B=x y"};
  EXPECT_EQ(prison.run(std::move(spec)).log.head, "A=1\nB=x y\n");
}

TEST_P(AnyJail, OnlyStandardDescriptorsAreInherited) {
  // ls itself has the directory open as 3.
  EXPECT_EQ(prison.shell("exec ls /proc/self/fd").log.head, "0\n1\n2\n3\n");
  EXPECT_EQ(prison.shell("exec 3</dev/null; exec ls /proc/self/fd").log.head, "0\n1\n2\n3\n4\n");
}

TEST_P(AnyJail, IsNeitherRootNorHasRights) {
  RunReport report = prison.shell("id -u; grep -E '^(Cap|NoNewPrivs)' /proc/self/status; ulimit -c");
  std::istringstream lines(report.log.head);
  std::string line;
  std::getline(lines, line);
  EXPECT_NE(line, "0");
  bool has_user_namespace = !is_root() && GetParam() == Mode::none;
  while (std::getline(lines, line) && line.starts_with("Cap")) {
    if (line.starts_with("CapBnd") && has_user_namespace) continue;  // it has no right to change it, and NoNewPrivs
    EXPECT_NE(line.find("0000000000000000"), std::string::npos) << line;
  }
  EXPECT_EQ(line, "NoNewPrivs:\t1");
}

TEST_P(AnyJail, SignalsAreAtTheirDefaults) {
  RunReport report = prison.shell("grep -E '^Sig(Blk|Ign)' /proc/self/status");
  EXPECT_EQ(report.log.head, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_P(AnyJail, DaemonsDoNotOutliveTheJob) {
  std::string marker = make_marker();
  RunReport report = prison.python(
      "import os, sys, time\n"
      "for i in range(5):\n"
      "  if os.fork() == 0:\n"
      "    os.setsid()\n"
      "    if os.fork() == 0:\n"
      "      os.execv('/usr/bin/python3', ['" +
      marker +
      "', '-c', 'import time; time.sleep(1000)'])\n"
      "    os._exit(0)\n"
      "os.write(1, b'started')\n");
  EXPECT_EQ(report.verdict, Verdict::exited);
  EXPECT_EQ(report.log.head, "started");
  EXPECT_EQ(processes_with(marker).size(), 0U);
}

TEST_P(AnyJail, ForkBombEndsAndLeavesNothing) {
  std::string marker = make_marker();
  RunReport report = prison.python(
      "import os # " + marker + "\nwhile True:\n  try: os.fork()\n  except OSError: pass\n", [](RunSpec& spec) {
        spec.limits.processes = 40;
        spec.limits.real_time = milliseconds(500);
      });
  EXPECT_EQ(report.verdict, Verdict::real_time_limit) << report.reason << report.log.head;
  EXPECT_EQ(processes_with(marker).size(), 0U);
}

TEST_P(AnyJail, NumberOfProcessesIsLimited) {
  RunReport report = prison.python(
      "import os, time\nn = 0\ntry:\n  while n < 500:\n    if os.fork() == 0: time.sleep(1000)\n    n += 1\n"
      "except OSError: pass\nprint(n)",
      [](RunSpec& spec) { spec.limits.processes = 30; });
  int n = std::atoi(report.log.head.c_str());
  EXPECT_GE(n, 20) << report.log.head;
  EXPECT_LE(n, 45);
}

TEST_P(AnyJail, RunsGoInParallel) {
  Box left = prison.make_box();
  Box right = prison.make_box();
  std::vector<std::string> logs;
  auto keep = [&](const RunReport& report) { logs.push_back(report.log.head); };
  Pipe word = make_pipe();
  RunSpec spec = Prison::shell_spec("touch waits; read word; ls");
  spec.standard_input = std::move(word.read_end);
  prison.jail().run(left, std::move(spec), keep);
  prison.jail().run(right, Prison::shell_spec("touch does_not; ls"), keep);
  prison.process_until([&] { return logs.size() == 1; });
  word.write_end.reset();
  prison.process_until([&] { return logs.size() == 2; });
  EXPECT_EQ(logs, (std::vector<std::string>{"does_not\n", "waits\n"}));
}

TEST_P(AnyJail, MoreRunsThanSlotsAreRefused) {
  Box box[3] = {prison.make_box(), prison.make_box(), prison.make_box()};
  std::vector<Verdict> verdicts;
  for (Box& each : box) {
    prison.jail().run(each, Prison::shell_spec("sleep 0.1"), [&](RunReport r) { verdicts.push_back(r.verdict); });
  }
  prison.process_until([&] { return verdicts.size() == 3; });
  EXPECT_EQ(verdicts, (std::vector<Verdict>{Verdict::jail_failed, Verdict::exited, Verdict::exited}));
}

TEST_P(AnyJail, BoxIsSharedByRunsInSequence) {
  Box box = prison.make_box();
  EXPECT_EQ(prison.run_in(box, Prison::shell_spec("echo one >f; echo two >.tmp/g; chmod 700 .")).exit_code, 0);
  prison.jail().put_file(box, "h", make_memory_file("h", "three\n"), 0644);
  EXPECT_EQ(prison.run_in(box, Prison::shell_spec("cat f .tmp/g h; echo more >>f; rm h")).log.head,
            "one\ntwo\nthree\n");
}

TEST_P(AnyJail, BoxThatIsDroppedStaysUntilItsRunHasEnded) {
  RunReport result;
  bool done = false;
  std::string directory;
  {
    Box box = prison.make_box();
    directory = prison.jail().directory(box);
    RunSpec spec = Prison::shell_spec("sleep 0.1; echo x >f");
    spec.outputs = {{"f", 0}};
    prison.jail().run(box, std::move(spec), [&](RunReport report) {
      result = std::move(report);
      done = true;
    });
  }
  prison.process_until([&] { return done; });
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(content_of(result.outputs.at(0)), "x\n");
  EXPECT_TRUE(becomes_true([&] { return !try_stat_at(AT_FDCWD, directory); }));
}

TEST_P(AnyJail, HomeIsPrivateAndWritable) {
  Box box = prison.make_box();
  RunSpec spec = Prison::shell_spec("echo x >$HOME/f && cat $HOME/f && stat -c %a $HOME && ls *");
  spec.env.push_back("HOME=" + prison.jail().directory(box) + "/.home");
  EXPECT_EQ(prison.run_in(box, std::move(spec)).log.head.substr(0, 6), "x\n700\n");
}

TEST_P(AnyJail, SurvivesTheDeathOfItsBroker) {
  std::string marker = make_marker();
  Box box = prison.make_box();
  RunReport result;
  bool done = false;
  prison.jail().run(box, Prison::python_spec("import time # " + marker + "\ntime.sleep(1000)"), [&](RunReport report) {
    result = std::move(report);
    done = true;
  });
  ASSERT_TRUE(becomes_true([&] { return !processes_with(marker).empty(); }));
  ::kill(prison.jail().broker_pid(), SIGKILL);
  prison.process_until([&] { return done; });
  EXPECT_EQ(result.verdict, Verdict::jail_failed);
  EXPECT_TRUE(becomes_true([&] { return processes_with(marker).empty(); }));
  EXPECT_EQ(prison.shell("echo again").log.head, "again\n");
  EXPECT_EQ(prison.run_in(box, Prison::shell_spec("exit 0")).verdict, Verdict::jail_failed);  // it went with the broker
}

TEST_P(AnyJail, NothingOutlivesAKilledServer) {
  std::string marker = make_marker();
  ChildSpec spec;
  spec.program = prison.config().broker;
  spec.argv = {"ej-jail", "run", "--uid", "61007", "--time", "1000"};
  if (GetParam() == Mode::none) spec.argv.emplace_back("--no-jail");
  for (const char* word : {"--", "/usr/bin/python3", "-c"}) spec.argv.emplace_back(word);
  spec.argv.push_back("import time; import os # " + marker +
                      "\nif os.fork(): time.sleep(1000)\nos.setsid(); time.sleep(1000)");
  spec.env = {"TMPDIR=" + prison.directory().path()};
  Child server(spec);
  std::string groups = "ejforge-run-" + std::to_string(server.pid());
  ASSERT_TRUE(becomes_true([&] { return processes_with(marker).size() >= 3; }));  // the server's command line too
  server.kill(SIGKILL);
  server.wait();
  EXPECT_TRUE(becomes_true([&] { return processes_with(marker).empty(); }));
  EXPECT_TRUE(becomes_true([&] { return control_groups_named(groups).empty(); }));
  EXPECT_TRUE(becomes_true([&] {
    const auto names = list_directory(prison.directory().fd());
    return std::none_of(names.begin(), names.end(), [&](const auto& name) { return name.starts_with(groups); });
  }));
}

TEST_P(AnyJail, LeavesNoGroupsAndNoBoxesAtItsEnd) {
  Box box = prison.make_box({{"f", "x"}});
  prison.run_in(box, Prison::shell_spec("mkdir -p a/b/c; touch a/b/c/d"));
  EXPECT_EQ(control_groups_named(prison.config().cgroup_name).empty(), prison.jail().features().cgroup == "none");
  prison.end();
  EXPECT_EQ(control_groups_named(prison.config().cgroup_name), std::vector<std::string>{});
  EXPECT_EQ(list_directory(prison.directory().fd()), std::vector<std::string>{});
}

std::size_t count_lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST_P(AnyJail, ManyJobsLeaveNothingInTheBroker) {
  std::string proc = "/proc/" + std::to_string(prison.jail().broker_pid());
  auto job = [&] {
    Box box = prison.make_box({{"a", "text"}});
    RunSpec spec = Prison::shell_spec("read x <a; echo $x >b");
    spec.outputs = {{"b", 0}};
    RunReport report = prison.run_in(box, std::move(spec));
    ASSERT_EQ(report.outputs.at(0).state, FileState::ok) << report.reason;
  };
  bool readable = is_root();  // of an ordinary user's broker, which is not dumpable, only its parts of ours can be seen
  auto descriptors = [&] { return readable ? list_directory(open_directory(proc + "/fd").get()).size() : 0; };
  auto mounts = [&] { return readable ? count_lines(read_file(proc + "/mountinfo", 1 << 20)) : 0; };
  for (int i = 0; i < 10; ++i) job();
  ASSERT_EQ(prison.shell("true").exit_code, 0);
  std::size_t descriptors_before = descriptors();
  std::size_t mounts_before = mounts();
  std::size_t own_before = list_directory(open_directory("/proc/self/fd").get()).size();
  int jobs = GetParam() == Mode::full ? 2000 : 500;
  for (int i = 0; i < jobs; ++i) job();
  ASSERT_EQ(prison.shell("true").exit_code, 0);
  // The broker may have had no spare box before, and may still have the last ones to drop now. A leak is hundreds.
  constexpr std::size_t k_in_hand = 8;
  EXPECT_TRUE(becomes_true([&] { return descriptors() <= descriptors_before + k_in_hand; })) << descriptors();
  EXPECT_TRUE(becomes_true([&] { return mounts() <= mounts_before + k_in_hand; })) << mounts();
  EXPECT_EQ(list_directory(open_directory("/proc/self/fd").get()).size(), own_before);
}

}  // namespace
}  // namespace ejf::jail
