// SPDX-License-Identifier: Apache-2.0
#include "lang/language_list.h"

#include <algorithm>
#include <string_view>

#include "base/files.h"
#include "base/text.h"
#include "lang/columns.h"

namespace ejf::lang {

namespace {

constexpr std::string_view k_suffix = "-version";

std::string_view trim_right(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t\n\r\v\f") + 1);
}

}  // namespace

std::vector<std::string> find_languages(const std::string& script_dir) {
  std::vector<std::string> languages;
  for (const auto& name : list_directory(open_directory(script_dir).get())) {
    if (!is_plain_name(name) || name.size() <= k_suffix.size() || !name.ends_with(k_suffix)) continue;
    languages.push_back(name.substr(0, name.size() - k_suffix.size()));
  }
  std::sort(languages.begin(), languages.end());
  return languages;
}

std::vector<LanguageDescription> describe_languages(const std::string& script_dir,
                                                    const std::vector<std::string>& languages,
                                                    const ScriptRunner::Limits& limits) {
  std::vector<ScriptCall> calls;
  calls.reserve(languages.size());
  for (const auto& language : languages) {
    std::string script = absolute_below(script_dir, language) + std::string{k_suffix};
    // Through the shell, as ejudge does: here a script without #! works.
    calls.push_back({"/bin/sh", {"sh", "-c", "exec \"$0\" -l", script}, "/"});
  }
  ScriptRunner runner(limits, [](std::size_t, std::string_view) {});
  std::vector<ScriptResult> results = runner.run(calls);
  std::vector<LanguageDescription> descriptions;
  for (std::size_t i = 0; i < languages.size(); ++i) {
    std::string_view text = trim_right(results[i].output);
    if (!text.empty()) descriptions.push_back({languages[i], std::string{text}});
  }
  return descriptions;
}

std::string format_list(const std::vector<LanguageDescription>& languages, std::optional<std::size_t> width) {
  std::size_t longest = 0;
  for (const auto& entry : languages) longest = std::max(longest, entry.language.size());
  std::string out;
  for (const auto& entry : languages) {
    std::string line = entry.language + std::string(longest - entry.language.size() + 1, ' ') + entry.text;
    if (width && count_characters(line) > *width - 1) line = std::string{first_characters(line, *width - 4)} + "...";
    out += line + "\n";
  }
  return out;
}

std::size_t terminal_width(const char* columns) {
  constexpr std::int64_t k_default = 80;
  constexpr std::int64_t k_least = 10;
  std::int64_t width = parse_decimal(columns != nullptr ? columns : "").value_or(k_default);
  if (width < 1 || width > 9999) width = k_default;
  return static_cast<std::size_t>(std::max(width, k_least));
}

}  // namespace ejf::lang
