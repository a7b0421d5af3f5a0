// SPDX-License-Identifier: Apache-2.0
#include "tools/sample_run.h"

#include <fmt/format.h>

#include <utility>

#include "base/files.h"
#include "compile/outcome.h"
#include "compile/request_log.h"

namespace ejf::tools {

namespace {

namespace asio = boost::asio;

constexpr const char* k_output = ".output";
constexpr std::uint64_t k_max_output = 1U << 20;

jail::Limits limits_of(const compile::Workshop& workshop, std::chrono::milliseconds real_time) {
  jail::Limits limits = workshop.limits;
  limits.real_time = real_time;
  return limits;
}

/// The jail puts both streams of a run into one log, but the answer is what stands on standard output.
jail::RunSpec plan(const compile::Workshop& workshop, const SampleProgram& program, const std::string& input,
                   std::chrono::milliseconds limit) {
  jail::RunSpec run;
  run.argv = {"/bin/sh", "-c", "exec \"$@\" >" + std::string{k_output}, "sh"};
  if (!program.starter.empty()) run.argv.push_back(program.starter);
  run.argv.push_back("./" + program.name);
  run.env = workshop.environment;
  run.standard_input = make_memory_file("input", input);
  run.limits = limits_of(workshop, limit);
  run.outputs.push_back({k_output, k_max_output});
  return run;
}

std::string describe_end(const jail::RunReport& report, const jail::Limits& limits) {
  switch (report.verdict) {
    case jail::Verdict::exited:
      return fmt::format("exit status {}", report.exit_code);
    case jail::Verdict::signaled:
      return fmt::format("killed by signal {}", report.signal);
    case jail::Verdict::real_time_limit:
      return fmt::format("stopped after {} s", static_cast<double>(limits.real_time.count()) / 1000);
    case jail::Verdict::jail_failed:
    case jail::Verdict::start_failed:
      return report.reason;
    case jail::Verdict::cancelled:
    case jail::Verdict::log_limit:
    case jail::Verdict::memory_limit:
    case jail::Verdict::cpu_limit:
    case jail::Verdict::idle_limit:
      break;
  }
  std::string text = compile::explain("The program", report, limits);
  while (text.ends_with('\n') || text.ends_with('.')) text.pop_back();
  return text;
}

asio::awaitable<jail::RunReport> run_once(compile::Workshop& workshop, const SampleProgram& program,
                                          jail::RunSpec run) {
  jail::Jail& jail = workshop.jail.jail();
  jail::Box box = jail.make_box(workshop.box);
  jail.put_file(box, program.name, program.content.duplicate(), 0755);
  const std::string directory = jail.directory(box);
  compile::set_default(run.env, "HOME", directory + "/.home");
  compile::set_default(run.env, "TMPDIR", directory + "/.tmp");
  co_return co_await workshop.jail.run(box, std::move(run));
}

void take_output(SampleRun& result, jail::OutputFile& file) {
  if (file.state == jail::FileState::ok) {
    result.output = read_all(file.fd.get(), k_max_output, k_output);
  } else if (file.state == jail::FileState::too_large) {
    result.is_good_end = false;
    result.end = "too much output";
  }
}

}  // namespace

asio::awaitable<SampleRun> run_sample(compile::Workshop& workshop, const SampleProgram& program, std::string input,
                                      std::chrono::milliseconds limit) {
  compile::SlotLease slot = co_await workshop.slots.acquire();
  jail::RunReport report = co_await run_once(workshop, program, plan(workshop, program, input, limit));
  // Somebody may have killed it; that says nothing about the program.
  if (report.verdict == jail::Verdict::jail_failed) {
    report = co_await run_once(workshop, program, plan(workshop, program, input, limit));
  }
  if (report.verdict == jail::Verdict::cancelled) throw compile::Interrupted{};
  SampleRun result;
  result.is_fault = report.verdict == jail::Verdict::jail_failed;
  result.is_good_end = report.verdict == jail::Verdict::exited && report.exit_code == 0;
  result.end = describe_end(report, limits_of(workshop, limit));
  result.time = report.real_time;
  compile::RequestLog errors(workshop.limits.log_stored);
  errors.add(report.log);
  result.errors = errors.text();
  if (!report.outputs.empty()) take_output(result, report.outputs[0]);
  co_return result;
}

}  // namespace ejf::tools
