// SPDX-License-Identifier: Apache-2.0
#include "lang/probe.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include "base/files.h"
#include "base/text.h"

namespace ejf::lang {

namespace {

constexpr std::size_t k_max_short_name = 31;

bool is_short_name(std::string_view name) {
  constexpr std::string_view k_allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-";
  return !name.empty() && name.size() <= k_max_short_name &&
         name.find_first_not_of(k_allowed) == std::string_view::npos;
}

std::string explain_end(const ScriptResult& result, std::chrono::milliseconds timeout) {
  switch (result.end) {
    case ScriptResult::End::not_started:
      return "its version script cannot be started: " + result.error;
    case ScriptResult::End::timed_out:
      return fmt::format("its version script did not end within {} s", static_cast<double>(timeout.count()) / 1000);
    case ScriptResult::End::too_much_output:
      return "its version script prints without end";
    case ScriptResult::End::ended:
      break;
  }
  if (result.output.find('\0') != std::string::npos) return "its version script prints a NUL byte";
  return {};
}

/// What is to be said about a script whose output could be read and that does not make the language available.
std::string explain_refusal(const Probe& probe, int wait_status) {
  if (WIFSIGNALED(wait_status)) return fmt::format("its version script was killed by signal {}", WTERMSIG(wait_status));
  if (!is_short_name(probe.short_name)) {
    return fmt::format("'{}' is no short name: 1 to {} letters, digits, '_', '+' and '-'", probe.short_name,
                       k_max_short_name);
  }
  if (wait_status != 0 && !probe.value("version").empty()) {
    return fmt::format("its version script printed a version and failed with status {}", WEXITSTATUS(wait_status));
  }
  return {};
}

constexpr std::size_t k_kept_errors = 8192;

/// Shares out standard error: to who watches, with each script on lines of its own, and the end of it to each probe.
class Voices {
 public:
  Voices(std::size_t count, const std::function<void(std::string_view)>& log) : kept_(count), log_(log) {}

  void take(std::size_t index, std::string_view piece) {
    if (is_line_open_ && index != speaker_) log_("\n");
    log_(piece);
    speaker_ = index;
    is_line_open_ = !piece.ends_with('\n');
    std::string& kept = kept_[index];
    kept.append(piece);
    if (kept.size() > k_kept_errors) kept.erase(0, kept.size() - k_kept_errors);
  }
  void end() {
    if (is_line_open_) log_("\n");
    is_line_open_ = false;
  }
  const std::string& kept(std::size_t index) const { return kept_[index]; }

 private:
  std::vector<std::string> kept_;
  const std::function<void(std::string_view)>& log_;
  std::size_t speaker_ = 0;
  bool is_line_open_ = false;
};

ScriptRunner::ProgressSink name_progress(const std::vector<ProbeRequest>& requests, const Listener& listener) {
  if (!listener.progress) return {};
  return [&](const ScriptProgress& progress) {
    Progress named{progress.done, progress.total, {}};
    for (std::size_t index : progress.running) named.running.push_back(requests[index].language);
    listener.progress(named);
  };
}

}  // namespace

Probe interpret_probe(const ProbeRequest& request, ScriptResult result, std::chrono::milliseconds timeout) {
  Probe probe;
  probe.language = request.language;
  probe.argument = request.argument;
  probe.short_name = request.language;
  probe.reason = explain_end(result, timeout);
  if (!probe.reason.empty()) return probe;

  auto values = config::ShellCfg::parse(result.output, request.language + "-version");
  if (!values) {
    probe.reason = "its version script prints what is no setting: " + values.error().text();
    return probe;
  }
  probe.is_readable = true;
  probe.values = *std::move(values);
  probe.output = std::move(result.output);
  if (std::string name = probe.value("short_name"); !name.empty()) probe.short_name = name;
  probe.reason = explain_refusal(probe, result.wait_status);
  probe.is_enabled = probe.reason.empty() && result.wait_status == 0 && !probe.value("version").empty();
  return probe;
}

std::string explain_off(const Probe& probe) {
  if (probe.is_enabled) return {};
  if (!probe.reason.empty()) return probe.reason;
  if (probe.argument == k_off_argument) return "switched off (--without-" + probe.language + ")";
  if (!probe.argument.empty()) return "there is no compiler that works at " + probe.argument;
  return "no compiler that works was found";
}

std::string find_tool_path(std::string_view errors) {
  constexpr std::string_view k_yes = "... yes, ";
  auto at = errors.rfind(k_yes);
  if (at == std::string_view::npos) return {};
  std::string_view rest = errors.substr(at + k_yes.size());
  rest = rest.substr(0, rest.find('\n'));
  auto comma = rest.find(", ");
  return comma == std::string_view::npos ? std::string{} : std::string{rest.substr(0, comma)};
}

std::string choose_probe_argument(const ProbeArguments& given, const std::string& language, std::string_view stored) {
  if (auto entry = given.find(language); entry != given.end()) return entry->second;
  auto values = config::ShellCfg::parse(stored, language);
  return values ? values->find("arg").value_or("") : "";
}

std::vector<Probe> probe_languages(const std::string& script_dir, const std::vector<ProbeRequest>& requests,
                                   const std::string& work_dir, const ScriptRunner::Limits& limits,
                                   const Listener& listener) {
  UniqueFd work = open_directory(work_dir);
  std::vector<ScriptCall> calls;
  for (const auto& request : requests) {
    make_directory_at(work.get(), request.language, 0700);
    std::string script = absolute_below(script_dir, request.language + "-version");
    ScriptCall call{script, {script, "-v", "-r"}, absolute_below(work_dir, request.language)};
    if (!request.argument.empty()) call.argv.push_back(request.argument);
    calls.push_back(std::move(call));
  }
  Voices voices(requests.size(), listener.log);
  ScriptRunner runner(
      limits, [&](std::size_t index, std::string_view piece) { voices.take(index, piece); },
      name_progress(requests, listener));
  std::vector<ScriptResult> results = runner.run(calls);
  voices.end();
  std::vector<Probe> probes;
  probes.reserve(results.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    probes.push_back(interpret_probe(requests[i], std::move(results[i]), limits.timeout));
    probes.back().path = find_tool_path(voices.kept(i));
  }
  return probes;
}

}  // namespace ejf::lang
