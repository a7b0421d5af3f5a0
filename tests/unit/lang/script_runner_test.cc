// SPDX-License-Identifier: Apache-2.0
#include "lang/script_runner.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

#include <fstream>

#include "base/error.h"
#include "base/files.h"
#include "base/temp_dir.h"
#include "base/text.h"

namespace ejf::lang {
namespace {

using End = ScriptResult::End;

ScriptCall shell(const std::string& text, const std::string& directory = "/") {
  return {"/bin/sh", {"sh", "-c", text}, directory};
}

struct Outcome {
  std::vector<ScriptResult> results;
  std::vector<std::string> errors;
  std::vector<std::size_t> order;  ///< of scripts in standard error
};

Outcome run(const std::vector<ScriptCall>& calls, ScriptRunner::Limits limits = {.jobs = 4}) {
  Outcome outcome;
  outcome.errors.resize(calls.size());
  ScriptRunner runner(limits, [&](std::size_t index, std::string_view piece) {
    outcome.errors[index].append(piece);
    if (outcome.order.empty() || outcome.order.back() != index) outcome.order.push_back(index);
  });
  outcome.results = runner.run(calls);
  return outcome;
}

/// Whether the process ends (or is a zombie already) before long: SIGKILL takes effect a little after kill(2).
bool ends_soon(pid_t pid) {
  std::string path = "/proc/" + std::to_string(pid) + "/stat";
  auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (std::chrono::steady_clock::now() < until) {
    if (::kill(pid, 0) != 0) return true;
    std::ifstream file(path);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.empty() || text.find(") Z ") != std::string::npos) return true;
    ::sched_yield();
  }
  return false;
}

TEST(ScriptRunner, GivesOutputAndStatusOfEachInOrder) {
  Outcome outcome = run({shell("echo one; exit 3"), shell("cat; pwd", "/tmp"), shell("kill -9 $$")});
  ASSERT_EQ(outcome.results.size(), 3U);
  EXPECT_EQ(outcome.results[0].output, "one\n");
  EXPECT_EQ(WEXITSTATUS(outcome.results[0].wait_status), 3);
  EXPECT_EQ(outcome.results[1].output, "/tmp\n");
  EXPECT_TRUE(outcome.results[1].is_success());
  EXPECT_TRUE(WIFSIGNALED(outcome.results[2].wait_status));
  EXPECT_EQ(outcome.results[2].end, End::ended);
}

TEST(ScriptRunner, ReadsBothPipesToTheirEnds) {
  // Standard error ends first, standard output goes on for more than a pipe holds; and the other way round.
  std::string flood = "i=0; while [ $i -lt 4000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done";
  Outcome outcome = run({shell("echo e >&2; exec 2>&-; " + flood), shell("echo o; exec >&-; { " + flood + "; } >&2")});
  EXPECT_EQ(outcome.results[0].output.size(), 4000U * 41);
  EXPECT_EQ(outcome.errors[0], "e\n");
  EXPECT_EQ(outcome.results[1].output, "o\n");
  EXPECT_EQ(outcome.errors[1].size(), 4000U * 41);
}

TEST(ScriptRunner, ShowsErrorsScriptByScript) {
  TempDir temp("/tmp", "ejf-test-");
  // The first one ends last.
  Outcome outcome = run({shell("echo a1 >&2; until [ -e done ]; do :; done; echo a2 >&2", temp.path()),
                         shell("echo b >&2; : >done", temp.path())});
  EXPECT_EQ(outcome.order, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(outcome.errors[0], "a1\na2\n");
  EXPECT_EQ(outcome.errors[1], "b\n");
}

TEST(ScriptRunner, KillsTheWholeGroupWhenTheTimeIsOver) {
  Outcome outcome =
      run({shell("sleep 1000 & echo $!; sleep 1000")}, {.jobs = 1, .timeout = std::chrono::milliseconds(300)});
  EXPECT_EQ(outcome.results[0].end, End::timed_out);
  auto pid = parse_decimal(trim(outcome.results[0].output));
  ASSERT_TRUE(pid);
  EXPECT_TRUE(ends_soon(static_cast<pid_t>(*pid)));
}

TEST(ScriptRunner, DoesNotWaitForWhatAScriptLeavesBehind) {
  auto start = std::chrono::steady_clock::now();
  Outcome outcome = run({shell("sleep 1000 & echo $!")});
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  EXPECT_TRUE(outcome.results[0].is_success());
  auto pid = parse_decimal(trim(outcome.results[0].output));
  ASSERT_TRUE(pid);
  EXPECT_TRUE(ends_soon(static_cast<pid_t>(*pid)));
}

TEST(ScriptRunner, StopsAScriptThatFloods) {
  Outcome outcome = run({shell("while :; do echo y; done")}, {.jobs = 1, .output = 100000});
  EXPECT_EQ(outcome.results[0].end, End::too_much_output);
}

TEST(ScriptRunner, SaysWhyAScriptDoesNotStart) {
  TempDir temp("/tmp", "ejf-test-");
  write_file_at(temp.fd(), "plain", "echo hello\n", 0755);
  Outcome outcome =
      run({{temp.path() + "/plain", {"plain"}, "/"}, {temp.path() + "/none", {"none"}, "/"}, shell("exit 0")});
  EXPECT_EQ(outcome.results[0].end, End::not_started);
  EXPECT_NE(outcome.results[0].error.find("Exec format error"), std::string::npos) << outcome.results[0].error;
  EXPECT_EQ(outcome.results[1].end, End::not_started);
  EXPECT_NE(outcome.results[1].error.find("No such file"), std::string::npos) << outcome.results[1].error;
  EXPECT_TRUE(outcome.results[2].is_success());
}

TEST(ScriptRunner, RunsNoMoreThanAllowedAtOnce) {
  TempDir temp("/tmp", "ejf-test-");
  // mkdir fails when another one is inside.
  std::vector<ScriptCall> calls(8, shell("mkdir inside && rmdir inside", temp.path()));
  for (const auto& result : run(calls, {.jobs = 1}).results) EXPECT_TRUE(result.is_success());
}

TEST(ScriptRunner, EndsOnATerminationSignalAndKillsTheScripts) {
  TempDir temp("/tmp", "ejf-test-");
  ScriptRunner runner({.jobs = 1}, [](std::size_t, std::string_view piece) {
    EXPECT_EQ(piece, "ready\n");
    ::raise(SIGTERM);
  });
  EXPECT_THROW(runner.run({shell("echo $$ >pid; echo ready >&2; sleep 1000", temp.path())}), Error);
  auto pid = parse_decimal(trim(try_read_regular_at(temp.fd(), "pid", 100).value_or("")));
  ASSERT_TRUE(pid);
  EXPECT_TRUE(ends_soon(static_cast<pid_t>(*pid)));
}

TEST(ScriptRunner, HasNothingToDoWithoutScripts) {
  EXPECT_TRUE(run({}).results.empty());
}

}  // namespace
}  // namespace ejf::lang
