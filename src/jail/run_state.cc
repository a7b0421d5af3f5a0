// SPDX-License-Identifier: Apache-2.0
#include "jail/run_state.h"

#include <sys/wait.h>

#include <csignal>
#include <system_error>

#include "base/error.h"

namespace ejf::jail {

namespace {

std::string reason_of(const RunState& run) {
  if (!run.failure_text.empty()) return run.failure_text;
  std::string object = run.failure.step == Step::execute ? " " + run.program : "";
  return step_name(run.failure.step) + object + ": " + std::generic_category().message(run.failure.error);
}

/// What our limits and our caller did comes before what the kernel reports: a killed program looks signalled, and a
/// compiler driver whose compiler was killed exits with 1.
Verdict verdict_of(const RunState& run) {
  const bool is_program_step = run.failure.step == Step::execute || run.failure.step == Step::directory;
  if (is_program_step && !is_machine_fault(run.failure.error)) return Verdict::start_failed;
  if (run.failure) return Verdict::jail_failed;
  if (run.cancelled) return Verdict::cancelled;
  if (run.log_exceeded) return Verdict::log_limit;
  if (run.memory_exceeded || run.usage.out_of_memory) return Verdict::memory_limit;
  const auto cpu_limit = run.limits.cpu_time;
  if (run.cpu_exceeded || (cpu_limit.count() != 0 && run.cpu > cpu_limit)) return Verdict::cpu_limit;
  if (run.time_exceeded) return Verdict::real_time_limit;
  if (run.idle_exceeded) return Verdict::idle_limit;
  if (!run.end || !run.end->executed) return Verdict::jail_failed;
  return WIFSIGNALED(run.end->status) ? Verdict::signaled : Verdict::exited;
}

}  // namespace

void RunState::look_at_cpu(std::chrono::microseconds used, Monotonic::time_point now) noexcept {
  constexpr std::chrono::milliseconds k_nothing{5};
  if (limits.cpu_time.count() != 0 && used > limits.cpu_time) cpu_exceeded = true;
  if (idle_since == Monotonic::time_point{} || used > idle_cpu + k_nothing) {
    idle_since = now;
    idle_cpu = used;
  }
  if (limits.idle_time.count() != 0 && now - idle_since >= limits.idle_time) idle_exceeded = true;
}

RunReport judge(const RunState& run) {
  RunReport report;
  report.verdict = verdict_of(run);
  report.cpu_time = run.cpu;
  report.peak_memory = run.usage.peak_memory;
  report.real_time = std::chrono::duration_cast<std::chrono::microseconds>(Monotonic::now() - run.started);
  if (run.failure) {
    report.reason = reason_of(run);
  } else if (report.verdict == Verdict::jail_failed) {
    report.reason = run.end ? "the program was killed before it began" : "init of the job was killed";
  }
  if (run.end) {
    report.real_time = std::chrono::microseconds(run.end->real_us);
    if (report.verdict == Verdict::exited) report.exit_code = WEXITSTATUS(run.end->status);
    if (report.verdict == Verdict::signaled) report.signal = WTERMSIG(run.end->status);
  }
  return report;
}

}  // namespace ejf::jail
