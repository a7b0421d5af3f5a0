// SPDX-License-Identifier: Apache-2.0
#include "compile/compiler.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/text.h"
#include "compile/compilation.h"
#include "compile/job.h"
#include "compile/job_names.h"
#include "compile/multi_header.h"
#include "compile/named_paths.h"
#include "compile/prepended.h"
#include "compile/request_log.h"
#include "compile/style_check.h"
#include "packet/names.h"

namespace ejf::compile {

namespace {

namespace asio = boost::asio;
using packet::CompileRequest;
using packet::RunStatus;

/// The source is the answer: there is nothing to compile, but its style may be checked.
asio::awaitable<CompileOutcome> deliver_source(const Job& job, UniqueFd source, std::uint64_t size, RequestLog& log) {
  CompileOutcome outcome;
  outcome.status = RunStatus::ok;
  if (!job.request.style_checker.empty()) {
    const std::string text = read_all(source.get(), job.workshop.max_source_size, "source");
    const JobNames names = make_job_names(text, job.language(), "", "");
    SlotLease slot = co_await job.workshop.slots.acquire();
    outcome.status = co_await check_style(job, names.source, source.duplicate(), {}, log);
  }
  if (outcome.status == RunStatus::ok) {
    outcome.executable = std::move(source);
    outcome.executable_size = size;
  }
  co_return outcome;
}

Compilation plan_compilation(const Job& job, const JobNames& names) {
  Compilation plan{.source = names.source, .executable = names.executable, .output = names.executable};
  if (job.request.enable_run_props > 0) {
    plan.executable = "../" + names.executable;
    plan.properties_file = packet::run_name(job.request) + ".json";
    plan.properties = "../" + plan.properties_file;
  }
  return plan;
}

asio::awaitable<CompileOutcome> compile_once(const Job& job, const UniqueFd& source, const JobNames& names,
                                             std::string_view text, RequestLog& log) {
  CompileOutcome outcome;
  Workplace place(job);
  place.put_source(names.source, source.duplicate());
  const jail::RunSpec run = compiler_run(job, plan_compilation(job, names));
  jail::RunReport report = co_await place.run(run);
  outcome.real_time = report.real_time;
  outcome.status = judge_compiler(job, run.limits, report, log);
  if (outcome.status != RunStatus::ok) co_return outcome;
  take_executable(outcome, report.outputs.at(0), names.executable, log);
  if (outcome.status != RunStatus::ok) co_return outcome;
  outcome.properties = take_properties(report);
  outcome.has_properties = static_cast<bool>(outcome.properties);
  if (job.request.preserve_numbers != 0) {
    outcome.prepended_size = prepended_size(text, outcome.executable.get(), outcome.executable_size);
  }
  co_return outcome;
}

/// One source, one executable. The compiler comes first, the style checker afterwards.
asio::awaitable<CompileOutcome> compile_one(const Job& job, UniqueFd source, const std::string& text, RequestLog& log) {
  const JobNames names = make_job_names(text, job.language(), job.recipe->src_sfx, job.recipe->exe_sfx);
  const bool has_style_check = job.request.vcs_mode <= 0 && !job.request.style_checker.empty();
  CompileOutcome outcome;
  outcome.status = RunStatus::ok;

  SlotLease slot = co_await job.workshop.slots.acquire();
  if (job.request.style_check_only <= 0) {
    outcome = co_await compile_once(job, source, names, text, log);
  } else if (!has_style_check) {  // as ejudge, which finds no executable at the end
    jail::OutputFile none;
    take_executable(outcome, none, names.executable, log);
  }
  if (outcome.status == RunStatus::ok && has_style_check) {
    outcome.status = co_await check_style(job, names.source, std::move(source), {}, log);
  }
  if (outcome.status != RunStatus::ok) {
    outcome.executable.reset();
    outcome.properties.reset();
    outcome.has_properties = false;
  }
  // ejudge delivers the checker's words as the "executable" then.
  outcome.log_as_executable = job.request.style_check_only > 0;
  co_return outcome;
}

/// False when there is nothing to go on with; the log says why.
bool read_extra_sources(Job& job, RequestLog& log) {
  const std::string& directory = job.request.extra_src_dir;
  if (directory.empty()) return true;
  try {
    if (!is_below_a_root(directory, job.workshop.request_roots)) {
      throw Error(directory + ": lies below none of the directories that requests may name");
    }
    job.extra_sources.emplace(directory, ExtraSourcesLimits{.bytes = job.workshop.box.bytes});
    return true;
  } catch (const Error& error) {
    if (is_fault(error)) throw;
    log.add(
        fmt::format("\nfailed to copy extra_src_dir {} to working_dir {}\n{}\n", directory, k_box_path, error.what()));
    log::error("{}: {}", job.language(), error.what());
    return false;
  }
}

void read_container_options(Job& job) {
  ContainerOptions& options = job.options;
  // ejudge, too, says the language first: some have a profile.
  const std::string& language = job.recipe->short_name;
  options = parse_container_options(fmt::format("ol{}{},{}", language.size(), language, job.request.container_options));
  const auto outside = std::partition(options.shown_paths.begin(), options.shown_paths.end(), [&](const auto& path) {
    return is_below_a_root(path, job.workshop.request_roots);
  });
  for (auto path = outside; path != options.shown_paths.end(); ++path) {
    options.ignored.push_back(*path + ": lies below none of the directories that requests may name");
  }
  options.shown_paths.erase(outside, options.shown_paths.end());
  for (const std::string& ignored : options.ignored) log::warning("{}: {}", job.language(), ignored);
}

/// A language without a script that works is enough where something else compiles, or nothing does.
bool can_serve(const Job& job) {
  const CompileRequest& request = job.request;
  const bool has_own_command = request.vcs_mode != 0 || (job.recipe->enable_custom && !request.compile_cmd.empty());
  const bool needs_script = !has_own_command && (request.style_check_only <= 0 || request.multi_header > 0);
  return needs_script ? job.recipe->unavailable.empty() : job.recipe->is_usable;
}

asio::awaitable<CompileOutcome> compile_with(Job& job, UniqueFd source, RequestLog& log) {
  const lang::Recipe& recipe = *job.recipe;
  if (!can_serve(job)) {
    log.add(fmt::format("Language {} is not available on this compile server: {}\n", recipe.short_name,
                        recipe.unavailable));
    co_return CompileOutcome{};
  }
  auto command = find_command(job.workshop, job.request, recipe);
  if (!command) {
    log.add(fmt::format("\nFailed to copy custom compiler '{}'\n", job.request.compile_cmd));
    co_return CompileOutcome{};
  }
  job.command = std::move(*command);
  if (!read_extra_sources(job, log)) co_return CompileOutcome{};
  read_container_options(job);
  const std::string text = read_all(source.get(), job.workshop.max_source_size, "source");
  if (job.request.multi_header > 0) co_return co_await compile_tests(job, text, log);
  co_return co_await compile_one(job, std::move(source), text, log);
}

asio::awaitable<CompileOutcome> dispatch(Job& job, UniqueFd source, RequestLog& log) {
  const Workshop& workshop = job.workshop;
  const auto size = static_cast<std::uint64_t>(stat_fd(source.get(), "source").st_size);
  if (job.recipe == nullptr && job.request.lang_id != 0) {
    log.add(fmt::format("invalid language id {} passed from ej-contest\n", job.request.lang_id));
  }
  if (size > workshop.max_source_size) {
    log.add(fmt::format("The source is too large: {}, the limit is {}.\n", human_size(size),
                        human_size(workshop.max_source_size)));
    co_return CompileOutcome{};
  }
  if (job.request.output_only > 0) co_return co_await deliver_source(job, std::move(source), size, log);
  if (job.recipe == nullptr) {
    log.add(fmt::format("invalid language {}\n", job.request.lang_id));
    co_return CompileOutcome{};
  }
  co_return co_await compile_with(job, std::move(source), log);
}

}  // namespace

CompileOutcome check_failed(std::string log) {
  CompileOutcome outcome;
  outcome.log = std::move(log);
  outcome.log_as_executable = true;
  return outcome;
}

asio::awaitable<CompileOutcome> compile_request(Workshop& workshop, const CompileRequest& request, UniqueFd source) {
  Job job{.workshop = workshop, .request = request, .recipe = workshop.recipes.find(request.lang_id)};
  RequestLog log(workshop.limits.log_stored);
  CompileOutcome outcome;
  try {
    outcome = co_await dispatch(job, std::move(source), log);
  } catch (const Error& error) {
    if (is_fault(error)) {
      outcome.fault = error.what();
    } else {
      log::error("{}: {}", job.language(), error.what());
    }
    log.add_line(fmt::format("The compile server failed: {}\n", error.what()));
  }
  outcome.log = log.text();
  if (outcome.status != RunStatus::ok) outcome.log_as_executable = true;
  co_return outcome;
}

}  // namespace ejf::compile
