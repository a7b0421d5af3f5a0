// SPDX-License-Identifier: Apache-2.0
#include "tools/result_view.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>

#include "base/error.h"
#include "base/text.h"
#include "tools/commands.h"
#include "tools/printable.h"

namespace ejf::tools {

namespace {

using packet::RunStatus;

std::string coloured(RunStatus status) {
  std::string name{packet::status_name(status)};
  if (::isatty(STDOUT_FILENO) == 0 || std::getenv("NO_COLOR") != nullptr) return name;
  return fmt::format("\x1b[{}m{}\x1b[0m", status == RunStatus::ok ? 32 : 31, name);
}

std::string first_line(const std::string& log) {
  auto begin = log.find_first_not_of('\n');
  if (begin == std::string::npos) return {};
  return log.substr(begin, log.find('\n', begin) - begin);
}

}  // namespace

std::string human_time(std::chrono::microseconds time) {
  const double ms = static_cast<double>(time.count()) / 1000;
  if (ms < 10) return fmt::format("{:.1f} ms", ms);
  if (ms < 10'000) return fmt::format("{:.0f} ms", ms);
  return fmt::format("{:.1f} s", ms / 1000);
}

int exit_code(RunStatus status) {
  switch (status) {
    case RunStatus::ok:
      return k_done;
    case RunStatus::compile_error:
    case RunStatus::style_error:
      return k_asked_about_failed;
    case RunStatus::check_failed:
      return k_machine_at_fault;
  }
  return k_machine_at_fault;
}

ResultView make_view(const config::Language& language, RunStatus status, std::string log) {
  ResultView view;
  view.language = language.short_name;
  view.version = language.version;
  view.status = status;
  view.log = std::move(log);
  return view;
}

void print_result(const ResultView& view) {
  std::string line = fmt::format("{}{}{}: {} in {}", view.language, view.version.empty() ? "" : " ", view.version,
                                 coloured(view.status), human_time(view.compile_time));
  if (view.queued) line += fmt::format(" (queued {})", human_time(*view.queued));
  if (view.executable_size) {
    line += fmt::format("   executable: {}{}{}", view.executable_path, view.executable_path.empty() ? "" : " ",
                        human_size(*view.executable_size));
  }
  fmt::print("{}\n{}", line, harmless(view.log));
  if (!view.log.empty() && view.log.back() != '\n') fmt::print("\n");
}

void print_result_json(const ResultView& view) {
  boost::json::object object{
      {"language", view.language},
      {"version", view.version},
      {"status", static_cast<std::int32_t>(view.status)},
      {"status_name", packet::status_name(view.status)},
      {"compile_time_ms", static_cast<double>(view.compile_time.count()) / 1000},
      {"log_first_line", as_utf8(first_line(view.log))},
      {"log", as_utf8(view.log)},
  };
  if (view.queued) object["queued_ms"] = static_cast<double>(view.queued->count()) / 1000;
  if (view.executable_size) object["executable_size"] = *view.executable_size;
  if (!view.executable_path.empty()) object["executable"] = view.executable_path;
  fmt::print("{}\n", boost::json::serialize(object));
}

const config::Language& choose_language(const config::CompileCfg& cfg, const std::string& wanted,
                                        const std::string& file) {
  const config::Language* best = nullptr;
  auto number = parse_decimal(wanted);
  for (const auto& language : cfg.languages) {
    const bool is_meant = wanted.empty()
                              ? language.disabled <= 0 && !language.src_sfx.empty() && file.ends_with(language.src_sfx)
                              : language.short_name == wanted || (number && *number == language.id);
    if (is_meant && (best == nullptr || language.id < best->id)) best = &language;
  }
  if (best != nullptr) return *best;
  if (!wanted.empty()) throw UsageError(fmt::format("this server has no language '{}'", wanted));
  throw UsageError(fmt::format("no language of this server has the suffix of '{}'; name one with --lang", file));
}

}  // namespace ejf::tools
