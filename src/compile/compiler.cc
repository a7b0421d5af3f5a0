// SPDX-License-Identifier: Apache-2.0
#include "compile/compiler.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/text.h"
#include "compile/job_names.h"
#include "compile/log_text.h"
#include "compile/prepended.h"

namespace ejf::compile {

namespace {

namespace asio = boost::asio;
using packet::CompileRequest;
using packet::RunStatus;

constexpr std::uint64_t k_max_executable = 128ULL << 20;  // protocol.md §7.6
constexpr const char* k_box_path = "/sandbox";            // as in ejudge's container
constexpr std::size_t k_most_named_paths = 100;           // each is a descriptor, and one message takes 253 of them

/// What this version cannot do yet, said instead of guessed; empty when the request is an ordinary one.
std::string not_there_yet(const CompileRequest& request) {
  if (request.multi_header > 0) return "multi-header mode";
  if (request.vcs_mode > 0) return "VCS mode";
  if (!request.style_checker.empty()) return "a style checker";
  if (!request.extra_src_dir.empty()) return "extra_src_dir";
  return {};
}

/// Paths of the server's machine that a compile script may be told to read (languages.md §1).
std::vector<std::string> named_paths(const CompileRequest& request) {
  std::vector<std::string> paths;
  for (std::string_view variable : request.env) {
    auto equals = variable.find('=');
    if (equals == std::string_view::npos) continue;
    auto name = variable.substr(0, equals);
    auto value = variable.substr(equals + 1);
    if (name == "EJUDGE_BUILD_SCRIPT" || name == "EJUDGE_OPT_BUILD_SCRIPT" || name == "EJUDGE_LANG_CONFIG") {
      paths.emplace_back(value);
    } else if (name == "EJUDGE_CLASSPATH") {
      for (auto piece : split(value, ':')) paths.emplace_back(piece);
    }
  }
  return paths;
}

/// Without links and with one slash at its end; empty when there is no such file.
std::string resolve(const std::string& path) {
  std::unique_ptr<char, decltype(&std::free)> real{::realpath(path.c_str(), nullptr), &std::free};
  if (!real) return {};
  std::string resolved = real.get();
  if (!resolved.ends_with('/')) resolved += '/';
  return resolved;
}

bool is_below_a_root(const std::string& path, const std::vector<std::string>& roots) {
  if (roots.empty()) return true;
  const std::string resolved = resolve(path);
  return std::any_of(roots.begin(), roots.end(), [&](const std::string& root) {
    const std::string top = resolve(root);
    return !top.empty() && resolved.starts_with(top);
  });
}

/// Opened with the server's own rights; what cannot be opened is simply not there for the script, as on the host.
std::vector<jail::VisiblePath> open_named_paths(const CompileRequest& request, const Workshop& workshop) {
  std::vector<jail::VisiblePath> visible;
  for (std::string& path : named_paths(request)) {
    if (!path.starts_with('/') || !is_below_a_root(path, workshop.request_roots)) continue;
    UniqueFd fd{::open(path.c_str(), O_PATH | O_CLOEXEC)};
    if (!fd) continue;
    if (visible.size() == k_most_named_paths) {
      throw Error(fmt::format("the request's environment names more than {} paths", k_most_named_paths));
    }
    visible.push_back({std::move(path), std::move(fd)});
  }
  return visible;
}

void override_limit(std::uint64_t& limit, std::int64_t requested) {
  if (requested > 0) limit = static_cast<std::uint64_t>(requested);
}

jail::Limits limits_of(const CompileRequest& request, const lang::Recipe& recipe) {
  jail::Limits limits = recipe.limits;
  override_limit(limits.address_space, request.max_vm_size);
  override_limit(limits.stack, request.max_stack_size);
  override_limit(limits.file_size, request.max_file_size);
  override_limit(limits.memory, request.max_rss_size);
  return limits;
}

/// Later definitions win, as putenv would have it; the order of first appearance stays.
void add_variables(std::vector<std::string>& environment, const std::vector<std::string>& more) {
  for (const std::string& variable : more) {
    auto equals = variable.find('=');
    if (equals == std::string::npos || equals == 0 || variable.find('\0') != std::string::npos) continue;
    auto prefix = std::string_view(variable).substr(0, equals + 1);
    auto same = std::find_if(environment.begin(), environment.end(),
                             [&](const std::string& present) { return present.starts_with(prefix); });
    if (same == environment.end()) {
      environment.push_back(variable);
    } else {
      *same = variable;
    }
  }
}

/// What is executed: the language's script, or the problem's own command, which is put into the box.
struct Command {
  std::string path;     ///< argv[0]
  std::string name;     ///< in the box; empty for the language's script
  UniqueFd executable;  ///< only with a name
};

/// Empty when the problem's command cannot be opened.
std::optional<Command> find_command(const CompileRequest& request, const lang::Recipe& recipe,
                                    const Workshop& workshop) {
  if (!recipe.enable_custom || request.compile_cmd.empty()) return Command{recipe.command, {}, {}};
  const std::string& path = request.compile_cmd;
  const std::string name = path.substr(path.rfind('/') + 1);
  if (!is_plain_name(name) || !is_below_a_root(path, workshop.request_roots)) return {};
  UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  if (!file || !S_ISREG(stat_fd(file.get(), path).st_mode)) return {};
  return Command{"./" + name, name, std::move(file)};
}

jail::RunSpec make_run(const CompileRequest& request, const lang::Recipe& recipe, const Command& command,
                       const JobNames& names, const Workshop& workshop) {
  jail::RunSpec run;
  run.argv = {command.path, names.source, names.executable};
  run.env = workshop.environment;
  add_variables(run.env, request.env);
  run.network = request.enable_network >= 0 ? request.enable_network > 0 : recipe.network;
  run.limits = limits_of(request, recipe);
  if (workshop.is_jailed) run.visible = open_named_paths(request, workshop);
  run.outputs.push_back({names.executable, k_max_executable});
  return run;
}

void set_unless_given(std::vector<std::string>& environment, const std::string& name, const std::string& value) {
  const bool is_given = std::any_of(environment.begin(), environment.end(),
                                    [&](const std::string& variable) { return variable.starts_with(name); });
  if (!is_given) environment.push_back(name + value);
}

jail::RunSpec copy_of(const jail::RunSpec& spec) {
  jail::RunSpec copy;
  copy.argv = spec.argv;
  copy.env = spec.env;
  copy.network = spec.network;
  copy.limits = spec.limits;
  for (const auto& shown : spec.visible) copy.visible.push_back({shown.path, shown.fd.duplicate()});
  copy.outputs = spec.outputs;
  return copy;
}

/// CE, or CF where the contest asked for it (protocol.md §7.3).
void compile_failed(CompileOutcome& outcome, const CompileRequest& request, std::string_view ejudge_message) {
  outcome.log += ejudge_message;
  outcome.status = RunStatus::compile_error;
  if (request.not_ok_is_cf <= 0) return;
  if (ejudge_message.empty()) outcome.log += "\nCompilation failed\n";
  outcome.log += "Check failed on non-OK result mode enabled\n";
  outcome.status = RunStatus::check_failed;
}

/// protocol.md §7.6. True when there is an executable to deliver.
void check_executable(CompileOutcome& outcome, jail::OutputFile& file) {
  const std::string path = fmt::format("{}/{}", k_box_path, file.name);
  switch (file.state) {
    case jail::FileState::ok:
      outcome.status = RunStatus::ok;
      outcome.executable = std::move(file.fd);
      outcome.executable_size = file.size;
      return;
    case jail::FileState::missing:
      outcome.log += fmt::format("\ncompiler output file '{}' does not exist\n", path);
      outcome.status = RunStatus::compile_error;
      return;
    case jail::FileState::not_regular:
      outcome.log += fmt::format("\ncompiler output file '{}' is not a regular file\n", path);
      outcome.status = RunStatus::check_failed;
      return;
    case jail::FileState::too_large:
      outcome.log += fmt::format("\ncompiler output file '{}' is too large\n (size = {})", path, file.size);
      outcome.status = RunStatus::compile_error;
      return;
  }
}

/// From how the compiler ended to the request's status, with ejudge's texts in ejudge's places.
void judge(CompileOutcome& outcome, const CompileRequest& request, const lang::Recipe& recipe,
           const jail::RunReport& report, const jail::Limits& limits) {
  outcome.log = log_text(report.log);
  outcome.real_time = report.real_time;
  switch (report.verdict) {
    case jail::Verdict::cancelled:
      throw Interrupted{};
    case jail::Verdict::jail_failed:
      outcome.log += fmt::format("\nThe compiler could not be run in the jail: {}\n", report.reason);
      outcome.status = RunStatus::check_failed;
      log::error("{}: {}", recipe.short_name, report.reason);
      return;
    case jail::Verdict::start_failed:
      outcome.log += fmt::format("\nFailed to start compiler '{}'\n{}\n", recipe.command, report.reason);
      outcome.status = RunStatus::check_failed;
      log::error("{}: {}", recipe.short_name, report.reason);
      return;
    case jail::Verdict::real_time_limit:
      return compile_failed(outcome, request, "\nCompilation process timed out\n");
    case jail::Verdict::exited:
      if (report.exit_code != 0) return compile_failed(outcome, request, "");
      outcome.status = RunStatus::ok;
      return;
    case jail::Verdict::log_limit:
    case jail::Verdict::memory_limit:
    case jail::Verdict::cpu_limit:
    case jail::Verdict::signaled:
      compile_failed(outcome, request, "");
      outcome.log += explain(report, limits);
      return;
  }
}

CompileOutcome deliver_source_as_answer(UniqueFd source, std::uint64_t size) {
  CompileOutcome outcome;
  outcome.status = RunStatus::ok;
  outcome.executable = std::move(source);
  outcome.executable_size = size;
  return outcome;
}

/// Gives descriptors away as duplicates, so that it can be done again.
asio::awaitable<jail::RunReport> run_in_box(Workshop& workshop, const JobNames& names, const UniqueFd& source,
                                            const Command& command, const jail::RunSpec& spec) {
  jail::Jail& jail = workshop.jail.jail();
  jail::Box box = jail.make_box(workshop.box);
  jail::RunSpec run = copy_of(spec);
  set_unless_given(run.env, "HOME=", jail.directory(box) + "/.home");
  set_unless_given(run.env, "TMPDIR=", jail.directory(box) + "/.tmp");
  jail.put_file(box, names.source, source.duplicate(), 0644);
  if (command.executable) jail.put_file(box, command.name, command.executable.duplicate(), 0555);
  co_return co_await workshop.jail.run(box, std::move(run));
}

asio::awaitable<CompileOutcome> run_compiler(Workshop& workshop, const CompileRequest& request,
                                             const lang::Recipe& recipe, UniqueFd source, std::string text) {
  CompileOutcome outcome;
  const JobNames names = make_job_names(text, recipe.short_name, recipe.src_sfx, recipe.exe_sfx);
  if (request.style_check_only > 0) {  // and no style checker to run: ejudge finds no executable at the end
    jail::OutputFile none;
    none.name = names.executable;
    check_executable(outcome, none);
    co_return outcome;
  }
  auto command = find_command(request, recipe, workshop);
  if (!command) {
    outcome.log = fmt::format("\nFailed to copy custom compiler '{}'\n", request.compile_cmd);
    co_return outcome;
  }
  const jail::RunSpec spec = make_run(request, recipe, *command, names, workshop);
  const jail::Limits limits = spec.limits;

  SlotLease slot = co_await workshop.slots.acquire();
  jail::RunReport report = co_await run_in_box(workshop, names, source, *command, spec);
  // A jail that failed says nothing about the job: somebody may have killed it. Twice is an answer.
  if (report.verdict == jail::Verdict::jail_failed) {
    log::warning("{}: {}; trying once more", recipe.short_name, report.reason);
    report = co_await run_in_box(workshop, names, source, *command, spec);
  }

  judge(outcome, request, recipe, report, limits);
  if (outcome.status == RunStatus::ok) {
    EJF_CHECK(report.outputs.size() == 1);
    check_executable(outcome, report.outputs.front());
    if (outcome.status == RunStatus::ok && request.preserve_numbers != 0) {
      outcome.prepended_size = prepended_size(text, outcome.executable.get(), outcome.executable_size);
    }
  }
  co_return outcome;
}

}  // namespace

CompileOutcome check_failed(std::string log) {
  CompileOutcome outcome;
  outcome.log = std::move(log);
  outcome.log_as_executable = true;
  return outcome;
}

std::vector<std::string> base_environment(const std::string& user_name) {
  const char* path = std::getenv("PATH");
  std::vector<std::string> environment{
      fmt::format("PATH={}", path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin"),
      "SHELL=/bin/sh",
      "USER=" + user_name,
      "LOGNAME=" + user_name,
  };
  if (const char* lang = std::getenv("LANG")) environment.push_back(fmt::format("LANG={}", lang));
  return environment;
}

asio::awaitable<CompileOutcome> compile_request(Workshop& workshop, const CompileRequest& request, UniqueFd source) {
  std::string preamble;
  const lang::Recipe* recipe = workshop.recipes.find(request.lang_id);
  if (request.lang_id != 0 && recipe == nullptr) {
    preamble = fmt::format("invalid language id {} passed from ej-contest\n", request.lang_id);
  }
  if (std::string mode = not_there_yet(request); !mode.empty()) {
    co_return check_failed(preamble + fmt::format("This compile server does not support {} yet.\n", mode));
  }
  const std::uint64_t size = static_cast<std::uint64_t>(stat_fd(source.get(), "source").st_size);
  if (size > workshop.max_source_size) {
    co_return check_failed(preamble + fmt::format("The source is too large: {}, the limit is {}.\n", human_size(size),
                                                  human_size(workshop.max_source_size)));
  }
  if (request.output_only > 0) {
    auto outcome = deliver_source_as_answer(std::move(source), size);
    outcome.log = std::move(preamble);
    co_return outcome;
  }
  if (recipe == nullptr) co_return check_failed(preamble + fmt::format("invalid language {}\n", request.lang_id));
  if (!recipe->unavailable.empty()) {
    co_return check_failed(fmt::format("Language {} is not available on this compile server: {}\n", recipe->short_name,
                                       recipe->unavailable));
  }
  std::string text = read_all(source.get(), workshop.max_source_size, "source");
  auto outcome = co_await run_compiler(workshop, request, *recipe, std::move(source), std::move(text));
  outcome.log_as_executable = outcome.status != RunStatus::ok;
  co_return outcome;
}

}  // namespace ejf::compile
