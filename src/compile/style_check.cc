// SPDX-License-Identifier: Apache-2.0
#include "compile/style_check.h"

#include <fmt/format.h>

#include <csignal>
#include <utility>

#include "base/log.h"
#include "compile/named_paths.h"

namespace ejf::compile {

namespace asio = boost::asio;

namespace {

using packet::RunStatus;

/// Results of ejudge that a checker may give back: compile error, presentation error, wrong answer, style error. All
/// mean the same here.
bool says_style_error(int exit_code) {
  return exit_code == 1 || exit_code == 4 || exit_code == 5 || exit_code == 14;
}

/// The checker with its directory, and those that ejudge brings. A problem may keep its checker beside its tests; one
/// that follows what the source includes would print them.
std::vector<jail::VisiblePath> visible_to(const Job& job) {
  const std::string& checker = job.request.style_checker;
  HiddenPaths hidden = job.hidden_paths();
  for (const std::string& path : {checker, resolve(checker)}) {
    const std::string directory = path.substr(0, path.rfind('/') + 1);
    for (const std::string& name : names_in(directory)) {
      if (name == "tests" || name.starts_with("tests-")) hidden.closed.push_back(directory + name);
    }
  }
  std::vector<jail::VisiblePath> visible;
  show_program(checker, hidden, visible);
  show(job.workshop.checkers_directory, hidden, visible);
  return visible;
}

jail::RunSpec checker_run(const Job& job, const std::string& source, const Environment& test_environment) {
  const Workshop& workshop = job.workshop;
  jail::RunSpec run;
  run.argv = {job.request.style_checker, source};
  run.env = workshop.environment;
  add_variables(run.env, job.request.sc_env);
  add_variables(run.env, test_environment);
  if (job.request.vcs_mode != 0) add_variables(run.env, {"EJUDGE_VCS_MODE=1"});
  run.limits = job.limits();
  if (workshop.is_jailed) run.visible = visible_to(job);
  return run;
}

RunStatus judge_exit(const Job& job, int exit_code, RequestLog& log) {
  if (exit_code == 0) {
    log.add("\n");
    return RunStatus::ok;
  }
  if (!says_style_error(exit_code)) {
    log.add(fmt::format("\nStyle checker {} invalid exit code {}\n", job.request.style_checker, exit_code));
    return RunStatus::check_failed;
  }
  log.add("\n\nStyle checker detected errors\n");
  if (job.request.not_ok_is_cf <= 0) return RunStatus::style_error;
  log.add("Check failed on non-OK result mode enabled\n");
  return RunStatus::check_failed;
}

RunStatus judge_checker(const Job& job, const jail::RunReport& report, RequestLog& log) {
  const std::string& checker = job.request.style_checker;
  log.add(report.log);
  switch (report.verdict) {
    case jail::Verdict::exited:
      return judge_exit(job, report.exit_code, log);
    case jail::Verdict::cancelled:
    case jail::Verdict::jail_failed:
      break;  // Workplace::run() has thrown
    case jail::Verdict::start_failed:
      log.add(fmt::format("\nFailed to start style checker {}\n", checker));
      break;
    case jail::Verdict::real_time_limit:
      log.add(fmt::format("\nStyle checker {} process is timed out\n", checker));
      break;
    case jail::Verdict::signaled:
      log.add(fmt::format("\nStyle checker {} terminated by signal {}\n", checker, report.signal));
      break;
    case jail::Verdict::log_limit:
    case jail::Verdict::memory_limit:
    case jail::Verdict::cpu_limit:
    case jail::Verdict::idle_limit:
      log.add(fmt::format("\nStyle checker {} terminated by signal {}\n", checker, SIGKILL));
      log.add_line(explain("The style checker", report, job.limits()));
      break;
  }
  log::error("{}: style checker {} failed{}{}", job.language(), checker, report.reason.empty() ? "" : ": ",
             report.reason);
  return RunStatus::check_failed;
}

}  // namespace

asio::awaitable<RunStatus> check_style(const Job& job, const std::string& source, UniqueFd text,
                                       const Environment& test_environment, RequestLog& log) {
  if (!is_below_a_root(job.request.style_checker, job.workshop.request_roots)) {
    log.add(fmt::format("\nFailed to start style checker {}\n", job.request.style_checker));
    log::error("style checker {} lies below none of the request_roots", job.request.style_checker);
    co_return RunStatus::check_failed;
  }
  Workplace place(job);
  place.put_source(source, std::move(text));
  const jail::RunReport report = co_await place.run(checker_run(job, source, test_environment));
  co_return judge_checker(job, report, log);
}

}  // namespace ejf::compile
