// SPDX-License-Identifier: Apache-2.0
#include "compile/compilation.h"

#include <fmt/format.h>

#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "compile/named_paths.h"

namespace ejf::compile {

namespace {

using packet::CompileRequest;
using packet::RunStatus;

constexpr std::uint64_t k_max_properties = 1ULL << 20;

Command vcs_command(const Workshop& workshop, const CompileRequest& request, const lang::Recipe& recipe) {
  Command command{
      .path = workshop.vcs_compile, .arguments = {recipe.short_name}, .program_to_show = workshop.vcs_compile};
  // With run properties one more argument follows, which must not be taken for the build command.
  if (!request.vcs_compile_cmd.empty() || request.enable_run_props > 0) {
    command.arguments.push_back(request.vcs_compile_cmd);
  }
  return command;
}

}  // namespace

std::optional<Command> find_command(const Workshop& workshop, const CompileRequest& request,
                                    const lang::Recipe& recipe) {
  if (request.vcs_mode != 0) return vcs_command(workshop, request, recipe);
  if (!recipe.enable_custom || request.compile_cmd.empty()) return Command{.path = recipe.command};
  const std::string name = request.compile_cmd.substr(request.compile_cmd.rfind('/') + 1);
  if (!is_plain_name(name)) return {};
  UniqueFd file = open_named_file(request.compile_cmd, workshop.request_roots);
  if (!file) return {};
  return Command{.path = "./" + name, .name = name, .executable = std::move(file)};
}

jail::RunSpec compiler_run(const Job& job, const Compilation& compilation) {
  const CompileRequest& request = job.request;
  const Workshop& workshop = job.workshop;
  jail::RunSpec run;
  run.argv = {job.command.path, compilation.source, compilation.executable};
  run.argv.insert(run.argv.end(), job.command.arguments.begin(), job.command.arguments.end());
  run.env = workshop.environment;
  add_variables(run.env, request.env);
  add_variables(run.env, compilation.environment);
  if (request.vcs_mode != 0) add_variables(run.env, {"EJUDGE_VCS_MODE=1"});
  run.network = request.enable_network >= 0 ? request.enable_network > 0 : job.recipe->network;
  run.limits = job.limits();
  run.discard_output = compilation.discard_output;
  if (workshop.is_jailed) {
    run.visible = open_named_paths(run.env, workshop.request_roots, job.hidden_paths());
    if (!job.command.program_to_show.empty()) {
      show_program(job.command.program_to_show, job.hidden_paths(), run.visible);
    }
  }
  apply(job.options, job.hidden_paths(), run);
  run.outputs.push_back({compilation.output, k_max_executable});
  if (!compilation.properties.empty()) {
    run.argv.push_back(compilation.properties);
    add_variables(run.env, {"EJUDGE_EXE_PROPERTIES=1"});
    run.outputs.push_back({compilation.properties_file, k_max_properties});
  }
  return run;
}

RunStatus compilation_failed(const CompileRequest& request, std::string_view ejudge_message, RequestLog& log) {
  log.add(ejudge_message);
  if (request.not_ok_is_cf <= 0) return RunStatus::compile_error;
  if (ejudge_message.empty()) log.add("\nCompilation failed\n");
  log.add("Check failed on non-OK result mode enabled\n");
  return RunStatus::check_failed;
}

RunStatus judge_compiler(const Job& job, const jail::Limits& limits, const jail::RunReport& report, RequestLog& log) {
  log.add(report.log);
  switch (report.verdict) {
    case jail::Verdict::cancelled:
    case jail::Verdict::jail_failed:
      break;  // Workplace::run() has thrown
    case jail::Verdict::start_failed:
      log.add(fmt::format("\nFailed to start compiler '{}'\n{}\n", job.recipe->command, report.reason));
      log::error("{}: {}", job.language(), report.reason);
      return RunStatus::check_failed;
    case jail::Verdict::real_time_limit:
      return compilation_failed(job.request, "\nCompilation process timed out\n", log);
    case jail::Verdict::exited:
      return report.exit_code == 0 ? RunStatus::ok : compilation_failed(job.request, "", log);
    case jail::Verdict::log_limit:
    case jail::Verdict::memory_limit:
    case jail::Verdict::cpu_limit:
    case jail::Verdict::idle_limit:
    case jail::Verdict::signaled: {
      const RunStatus status = compilation_failed(job.request, "", log);
      log.add_line(explain("The compiler", report, limits));
      return status;
    }
  }
  return RunStatus::check_failed;
}

void take_executable(CompileOutcome& outcome, jail::OutputFile& file, const std::string& name, RequestLog& log) {
  const std::string path = fmt::format("{}/{}", k_box_path, name);
  switch (file.state) {
    case jail::FileState::ok:
      outcome.status = RunStatus::ok;
      outcome.executable = std::move(file.fd);
      outcome.executable_size = file.size;
      return;
    case jail::FileState::missing:
      log.add(fmt::format("\ncompiler output file '{}' does not exist\n", path));
      outcome.status = RunStatus::compile_error;
      return;
    case jail::FileState::not_regular:
      log.add(fmt::format("\ncompiler output file '{}' is not a regular file\n", path));
      outcome.status = RunStatus::check_failed;
      return;
    case jail::FileState::too_large:
      log.add(fmt::format("\ncompiler output file '{}' is too large\n (size = {})", path, file.size));
      outcome.status = RunStatus::compile_error;
      return;
  }
}

UniqueFd take_properties(jail::RunReport& report) {
  if (report.outputs.size() < 2) return {};
  jail::OutputFile& file = report.outputs[1];
  return file.state == jail::FileState::ok && file.size > 0 ? std::move(file.fd) : UniqueFd{};
}

}  // namespace ejf::compile
