// SPDX-License-Identifier: Apache-2.0
#include "tools/configure_report.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstdlib>

#include "tools/printable.h"

namespace ejf::tools {

namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

/// A script that takes no longer than this is not worth a number.
constexpr std::chrono::seconds k_worth_telling{2};
constexpr std::size_t k_default_width = 80;

std::size_t width_of_terminal() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return k_default_width;
  return size.ws_col;
}

std::string_view name_of(lang::JailState state) {
  switch (state) {
    case lang::JailState::not_tested:
      return "not tested";
    case lang::JailState::passed:
      return "passed";
    case lang::JailState::failed:
      return "failed";
  }
  return {};
}

std::string_view name_of(lang::FileChange::State state) {
  switch (state) {
    case lang::FileChange::State::saved:
      return "saved";
    case lang::FileChange::State::would_be_saved:
      return "would be saved";
    case lang::FileChange::State::unchanged:
      return "not changed";
    case lang::FileChange::State::failed:
      return "failed";
  }
  return {};
}

json::object describe(const lang::Probe& probe, const std::map<std::string, int>& ids) {
  auto id = ids.find(probe.short_name);
  return {{"language", as_utf8(probe.language)},
          {"short_name", as_utf8(probe.short_name)},
          {"id", id == ids.end() ? json::value(nullptr) : json::value(id->second)},
          {"on", probe.is_enabled},
          {"version", as_utf8(probe.value("version"))},
          {"long_name", as_utf8(probe.value("long_name"))},
          {"path", as_utf8(probe.path)},
          {"argument", as_utf8(probe.argument)},
          {"jail_test", name_of(probe.jail)},
          {"reason", as_utf8(lang::explain_off(probe))}};
}

json::object describe(const lang::FileChange& change) {
  json::object object{{"path", as_utf8(change.path)}, {"state", name_of(change.state)}};
  if (!change.diff.empty()) object["diff"] = as_utf8(change.diff);
  return object;
}

/// One on which a line can be taken away again.
bool is_capable_terminal() {
  const char* type = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): there are no threads
  return ::isatty(STDERR_FILENO) == 1 && type != nullptr && std::string_view{type} != "dumb";
}

}  // namespace

LiveLog::LiveLog() : is_terminal_(::isatty(STDERR_FILENO) == 1), has_live_line_(is_capable_terminal()) {}

void LiveLog::write(std::string_view text) const {
  while (!text.empty()) {
    ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
    if (n < 0 && errno != EINTR) return;
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
  }
}

void LiveLog::log(std::string_view text) {
  if (text.empty()) return;
  end();
  // On a terminal no script steers anything; in a file is what it said.
  write(is_terminal_ ? harmless(std::string{text}) : text);
  is_line_start_ = text.ends_with('\n');
}

void LiveLog::show(const lang::Progress& progress) {
  if (!has_live_line_ || !is_line_start_) return;
  std::string line = describe_progress(progress, since_, Clock::now(), width_of_terminal() - 1);
  if (line == line_) return;
  end();
  write(line);
  line_ = std::move(line);
}

void LiveLog::end() {
  if (!line_.empty()) write("\r\x1b[K");
  line_.clear();
}

lang::Listener LiveLog::listener() {
  return {[this](std::string_view text) { log(text); }, [this](const lang::Progress& progress) { show(progress); }};
}

std::string describe_progress(const lang::Progress& progress, std::map<std::string, Clock::time_point>& since,
                              Clock::time_point now, std::size_t width) {
  std::erase_if(since, [&](const auto& entry) {
    return std::find(progress.running.begin(), progress.running.end(), entry.first) == progress.running.end();
  });
  if (progress.done == progress.total) return {};
  std::string line = fmt::format("{} of {} languages; now:", progress.done, progress.total);
  for (const auto& language : progress.running) {
    auto taken = now - since.emplace(language, now).first->second;
    line += " " + language;
    if (taken < k_worth_telling) continue;
    line += fmt::format(" ({} s)", std::chrono::duration_cast<std::chrono::seconds>(taken).count());
  }
  line = harmless(line);
  if (line.size() > width) line.resize(width);
  return line;
}

std::string configure_result_json(const lang::Configurator& configurator, bool is_rehearsal) {
  const auto ids = configurator.language_ids();
  json::array languages;
  for (const auto& probe : configurator.probes()) languages.push_back(describe(probe, ids));
  json::array files;
  for (const auto& change : configurator.changes()) files.push_back(describe(change));
  json::array failures;
  for (const auto& failure : configurator.failures()) failures.emplace_back(as_utf8(failure));
  json::object object{{"dry_run", is_rehearsal}, {"failed", has_failed(configurator)}};
  object["languages"] = std::move(languages);
  object["files"] = std::move(files);
  object["failures"] = std::move(failures);
  return json::serialize(object) + "\n";
}

std::string language_list_json(const std::vector<lang::LanguageDescription>& languages) {
  json::array array;
  for (const auto& entry : languages) {
    array.push_back(json::object{{"language", as_utf8(entry.language)}, {"description", as_utf8(entry.text)}});
  }
  return json::serialize(array) + "\n";
}

bool has_failed(const lang::Configurator& configurator) {
  const auto& changes = configurator.changes();
  return !configurator.failures().empty() || std::any_of(changes.begin(), changes.end(), [](const auto& change) {
    return change.state == lang::FileChange::State::failed;
  });
}

}  // namespace ejf::tools
