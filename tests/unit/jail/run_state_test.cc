// SPDX-License-Identifier: Apache-2.0
#include "jail/run_state.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <iterator>

namespace ejf::jail {
namespace {

RunState ended(int status) {
  RunSpec spec;
  spec.argv = {"/usr/bin/cc"};
  spec.limits.cpu_time = std::chrono::milliseconds(1000);
  RunState run(1, 1, spec);
  run.end = InitReport{};
  run.end->status = status;
  return run;
}

TEST(Judge, ReportsExitAndSignal) {
  RunReport report = judge(ended(W_EXITCODE(7, 0)));
  EXPECT_EQ(report.verdict, Verdict::exited);
  EXPECT_EQ(report.exit_code, 7);
  report = judge(ended(SIGSEGV));
  EXPECT_EQ(report.verdict, Verdict::signaled);
  EXPECT_EQ(report.signal, SIGSEGV);
}

struct Reason {
  const char* name;
  void (*happen)(RunState&);
  Verdict verdict;
};

/// In the order in which they are looked at. Each stands for itself; what a run ends with that none of them happened to
/// is in the test above.
constexpr Reason k_reasons[] = {
    {"not executable",
     [](RunState& run) {
       run.failure = {Step::execute, ENOENT};
     },
     Verdict::start_failed},
    {"cancelled", [](RunState& run) { run.cancelled = true; }, Verdict::cancelled},
    {"log", [](RunState& run) { run.log_exceeded = true; }, Verdict::log_limit},
    {"memory, seen by us", [](RunState& run) { run.memory_exceeded = true; }, Verdict::memory_limit},
    {"memory, by the kernel", [](RunState& run) { run.usage.out_of_memory = true; }, Verdict::memory_limit},
    {"cpu, seen while it ran", [](RunState& run) { run.cpu_exceeded = true; }, Verdict::cpu_limit},
    {"cpu, at the end", [](RunState& run) { run.cpu = std::chrono::milliseconds(1001); }, Verdict::cpu_limit},
    {"real time", [](RunState& run) { run.time_exceeded = true; }, Verdict::real_time_limit},
    {"idle", [](RunState& run) { run.idle_exceeded = true; }, Verdict::idle_limit},
    {"killed before it began", [](RunState& run) { run.end->executed = false; }, Verdict::jail_failed},
};

TEST(Judge, TakesTheFirstReasonOfTheOrder) {
  for (std::size_t first = 0; first < std::size(k_reasons); ++first) {
    for (int status : {W_EXITCODE(0, 0), W_EXITCODE(1, 0), SIGKILL}) {
      RunState alone = ended(status);
      k_reasons[first].happen(alone);
      EXPECT_EQ(judge(alone).verdict, k_reasons[first].verdict) << k_reasons[first].name;
      for (std::size_t later = first + 1; later < std::size(k_reasons); ++later) {
        RunState both = ended(status);
        k_reasons[later].happen(both);
        k_reasons[first].happen(both);
        EXPECT_EQ(judge(both).verdict, k_reasons[first].verdict)
            << k_reasons[first].name << " before " << k_reasons[later].name;
      }
    }
  }
}

TEST(Judge, FailureOfTheJailSaysNothingAboutLimits) {
  for (const Reason& reason : k_reasons) {
    RunState run = ended(SIGKILL);
    reason.happen(run);
    run.failure = {Step::mount_proc, EPERM};
    EXPECT_EQ(judge(run).verdict, Verdict::jail_failed) << reason.name;
  }
}

TEST(RunState, IsIdleWhenCpuTimeDoesNotGrow) {
  using std::chrono::milliseconds;
  RunSpec spec;
  spec.argv = {"/usr/bin/cc"};
  spec.limits.idle_time = milliseconds(1000);
  RunState run(1, 1, spec);
  const Monotonic::time_point start = Monotonic::now();
  run.look_at_cpu(milliseconds(3), start);
  run.look_at_cpu(milliseconds(8), start + milliseconds(999));  // 5 ms are nothing
  EXPECT_FALSE(run.idle_exceeded);
  run.look_at_cpu(milliseconds(9), start + milliseconds(999));
  run.look_at_cpu(milliseconds(14), start + milliseconds(1998));
  EXPECT_FALSE(run.idle_exceeded);
  run.look_at_cpu(milliseconds(14), start + milliseconds(1999));
  EXPECT_TRUE(run.idle_exceeded);
  EXPECT_FALSE(run.cpu_exceeded);
}

TEST(RunState, WithoutAnIdleLimitNobodyIsIdle) {
  RunState run = ended(0);
  run.look_at_cpu(std::chrono::milliseconds(1), Monotonic::now());
  run.look_at_cpu(std::chrono::milliseconds(1), Monotonic::now() + std::chrono::hours(1));
  EXPECT_FALSE(run.idle_exceeded);
}

TEST(Judge, ProgramThatNeverBeganSaysNothing) {
  RunState run = ended(SIGKILL);
  run.end->executed = false;
  EXPECT_EQ(judge(run).verdict, Verdict::jail_failed);
  EXPECT_EQ(judge(run).reason, "the program was killed before it began");
  run.usage.out_of_memory = true;
  EXPECT_EQ(judge(run).verdict, Verdict::memory_limit);
}

TEST(Judge, DriverOfAKilledCompilerIsAMemoryLimit) {
  RunState run = ended(W_EXITCODE(1, 0));
  run.usage.out_of_memory = true;
  EXPECT_EQ(judge(run).verdict, Verdict::memory_limit);
}

TEST(Judge, CpuTimeCountsWhenNobodyLookedInTime) {
  RunState run = ended(W_EXITCODE(0, 0));
  run.cpu = std::chrono::microseconds(1'000'001);
  EXPECT_EQ(judge(run).verdict, Verdict::cpu_limit);
}

TEST(Judge, SaysWhichStepFailed) {
  RunState run = ended(0);
  run.end.reset();
  run.failure = {Step::mount_proc, EPERM};
  EXPECT_EQ(judge(run).verdict, Verdict::jail_failed);
  EXPECT_EQ(judge(run).reason, "mount /proc: Operation not permitted");
  run.failure = {Step::execute, ENOENT};
  EXPECT_EQ(judge(run).verdict, Verdict::start_failed);
  EXPECT_EQ(judge(run).reason, "execute /usr/bin/cc: No such file or directory");
}

TEST(Judge, WhatTheMachineLacksIsNoVerdictOnTheProgram) {
  RunState run = ended(0);
  run.end.reset();
  for (int error : {ENOMEM, EAGAIN, ENFILE, EIO}) {
    run.failure = {Step::execute, error};
    EXPECT_EQ(judge(run).verdict, Verdict::jail_failed);
  }
}

TEST(Judge, InitThatVanishedIsTheJailsFault) {
  RunState run = ended(0);
  run.end.reset();
  EXPECT_EQ(judge(run).verdict, Verdict::jail_failed);
}

}  // namespace
}  // namespace ejf::jail
