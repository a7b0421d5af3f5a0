// SPDX-License-Identifier: Apache-2.0
#include "tools/lang_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "lang/columns.h"
#include "tools/commands.h"
#include "tools/printable.h"
#include "tools/result_view.h"

namespace ejf::tools {

namespace {

namespace json = boost::json;

constexpr std::size_t k_shown_lines = 8;

enum class Verdict { passed, failed, fault, not_tested };

Verdict verdict_of(const LangTrial& trial) {
  if (trial.has(CheckState::fault)) return Verdict::fault;
  if (trial.has(CheckState::failed)) return Verdict::failed;
  return trial.has(CheckState::passed) ? Verdict::passed : Verdict::not_tested;
}

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
      return "passed";
    case Verdict::failed:
      return "failed";
    case Verdict::fault:
      return "fault";
    case Verdict::not_tested:
      return "not tested";
  }
  return {};
}

std::string_view name_of(CheckState state) {
  switch (state) {
    case CheckState::none:
      return "none";
    case CheckState::passed:
      return "passed";
    case CheckState::failed:
      return "failed";
    case CheckState::fault:
      return "fault";
  }
  return {};
}

bool is_bad(CheckState state) {
  return state == CheckState::failed || state == CheckState::fault;
}

std::string cell(const CheckResult& check) {
  if (check.state == CheckState::none) return "none";
  return is_bad(check.state) ? "FAIL: " + check.remark : check.remark;
}

std::vector<std::string> row(const LangTrial& trial) {
  std::vector<std::string> cells{trial.language, trial.version.empty() ? "-" : trial.version};
  for (const auto& check : trial.checks) cells.push_back(cell(check));
  cells.push_back(human_time(trial.time));
  return cells;
}

std::string coloured_table(const std::vector<LangTrial>& trials, bool colours) {
  std::vector<std::vector<std::string>> rows{{"language", "version"}};
  rows[0].insert(rows[0].end(), k_lang_check_names.begin(), k_lang_check_names.end());
  rows[0].emplace_back("time");
  for (const auto& trial : trials) rows.push_back(row(trial));
  std::string table = lang::format_table(rows);
  if (!colours) return table;
  std::string text;
  std::size_t index = 0;
  for (std::string_view line : split(table, '\n')) {
    // The first line is the head, and behind the last there is nothing.
    const bool is_red = index > 0 && index <= trials.size() &&
                        (trials[index - 1].has(CheckState::failed) || trials[index - 1].has(CheckState::fault));
    text += is_red ? fmt::format("\x1b[31m{}\x1b[0m\n", line) : fmt::format("{}\n", line);
    ++index;
  }
  text.pop_back();
  return text;
}

std::string explain(const LangTrial& trial) {
  std::string text;
  for (std::size_t i = 0; i < trial.checks.size(); ++i) {
    const CheckResult& check = trial.checks.at(i);
    if (!is_bad(check.state)) continue;
    text += fmt::format("\n{}, {}: {}\n", trial.language, k_lang_check_names.at(i), check.reason);
    std::size_t shown = 0;
    for (std::string_view line : split(check.log, '\n')) {
      if (!trim(line).empty() && shown++ < k_shown_lines) text += fmt::format("    {}\n", line);
    }
  }
  return harmless(text);
}

std::string summarize(const std::vector<LangTrial>& trials) {
  std::vector<std::string> not_tested;
  std::size_t passed = 0;
  for (const auto& trial : trials) {
    const Verdict verdict = verdict_of(trial);
    if (verdict == Verdict::passed) ++passed;
    if (verdict == Verdict::not_tested) not_tested.push_back(trial.language);
  }
  std::string text = fmt::format("\n{} of {} languages work", passed, trials.size());
  if (!not_tested.empty()) text += fmt::format("; without samples: {}", fmt::join(not_tested, " "));
  return text + "\n";
}

json::object describe(const LangTrial& trial) {
  json::object checks;
  for (std::size_t i = 0; i < trial.checks.size(); ++i) {
    const CheckResult& check = trial.checks.at(i);
    json::object object{{"result", name_of(check.state)}};
    if (check.state != CheckState::none) object["remark"] = as_utf8(check.remark);
    if (is_bad(check.state)) object["reason"] = as_utf8(check.reason);
    if (is_bad(check.state) || !check.log.empty()) object["log"] = as_utf8(check.log);
    checks[k_lang_check_names.at(i)] = std::move(object);
  }
  return {{"language", as_utf8(trial.language)},
          {"id", trial.id},
          {"version", as_utf8(trial.version)},
          {"result", name_of(verdict_of(trial))},
          {"time_ms", static_cast<double>(trial.time.count()) / 1000},
          {"checks", std::move(checks)}};
}

}  // namespace

std::string format_lang_trials(const std::vector<LangTrial>& trials, bool colours) {
  std::string text = coloured_table(trials, colours);
  for (const auto& trial : trials) text += explain(trial);
  return text + summarize(trials);
}

std::string lang_trials_json(const std::vector<LangTrial>& trials) {
  json::array languages;
  std::size_t passed = 0;
  for (const auto& trial : trials) {
    languages.push_back(describe(trial));
    if (verdict_of(trial) == Verdict::passed) ++passed;
  }
  json::object object{{"total", trials.size()}, {"passed", passed}};
  object["languages"] = std::move(languages);
  return json::serialize(object) + "\n";
}

int exit_code(const std::vector<LangTrial>& trials) {
  auto any = [&](Verdict verdict) {
    return std::any_of(trials.begin(), trials.end(), [&](const auto& trial) { return verdict_of(trial) == verdict; });
  };
  if (any(Verdict::fault)) return k_machine_at_fault;
  return any(Verdict::failed) ? k_asked_about_failed : k_done;
}

}  // namespace ejf::tools
