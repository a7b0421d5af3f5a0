// SPDX-License-Identifier: Apache-2.0
#include "jail/run_state.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>

namespace ejf::jail {
namespace {

RunState ended(int status) {
  RunSpec spec;
  spec.argv = {"/usr/bin/cc"};
  spec.limits.cpu_time = std::chrono::milliseconds(1000);
  RunState run(1, 1, spec);
  run.end = ZygoteReport{};
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

TEST(Judge, LooksAtOurLimitsFirstAndInOrder) {
  RunState run = ended(SIGKILL);
  run.time_exceeded = true;
  EXPECT_EQ(judge(run).verdict, Verdict::real_time_limit);
  run.cpu_exceeded = true;
  EXPECT_EQ(judge(run).verdict, Verdict::cpu_limit);
  run.usage.out_of_memory = true;
  EXPECT_EQ(judge(run).verdict, Verdict::memory_limit);
  run.log_exceeded = true;
  EXPECT_EQ(judge(run).verdict, Verdict::log_limit);
  run.cancelled = true;
  EXPECT_EQ(judge(run).verdict, Verdict::cancelled);
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

TEST(Judge, InitThatVanishedIsTheJailsFault) {
  RunState run = ended(0);
  run.end.reset();
  EXPECT_EQ(judge(run).verdict, Verdict::jail_failed);
}

}  // namespace
}  // namespace ejf::jail
