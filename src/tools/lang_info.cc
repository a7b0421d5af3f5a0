// SPDX-License-Identifier: Apache-2.0
#include "tools/lang_info.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <string_view>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "config/shell_cfg.h"
#include "lang/columns.h"
#include "tools/printable.h"

namespace ejf::tools {

namespace {

namespace json = boost::json;

constexpr std::size_t k_max_settings = std::size_t{1} << 20;

void read_settings(LanguageInfo& info) {
  try {
    auto file = try_open_at(AT_FDCWD, info.settings_file, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (!file) {
      info.settings_problem = "there is no such file";
      return;
    }
    auto parsed =
        config::ShellCfg::parse(read_all(file->get(), k_max_settings, info.settings_file), info.settings_file);
    if (parsed) {
      info.settings = parsed->variables();
    } else {
      info.settings_problem = parsed.error().text();
    }
  } catch (const Error& error) {
    info.settings_problem = error.what();
  }
}

/// Nothing when the file does not say.
const std::string* find_setting(const LanguageInfo& info, std::string_view name) {
  auto found = std::find_if(info.settings.begin(), info.settings.end(), [&](const auto& s) { return s.first == name; });
  return found == info.settings.end() ? nullptr : &found->second;
}

std::string explain_off(const LanguageInfo& info, const lang::Recipe* recipe) {
  const std::string* found = find_setting(info, "version");
  if (found != nullptr && found->empty()) return "its compiler was not found";
  if (info.section->disabled > 0) return "disabled in compile.cfg";
  return recipe == nullptr ? std::string{} : recipe->unavailable;
}

std::string state_of(const LanguageInfo& info) {
  if (!info.is_on()) return "off: " + info.why_off;
  return info.section->default_disabled > 0 ? "on, in contests that name it" : "on";
}

json::object describe(const LanguageInfo& info) {
  const config::Language& section = *info.section;
  return {{"language", as_utf8(section.short_name)}, {"id", section.id},
          {"long_name", as_utf8(section.long_name)}, {"version", as_utf8(info.version)},
          {"src_sfx", as_utf8(section.src_sfx)},     {"exe_sfx", as_utf8(section.exe_sfx)},
          {"arch", as_utf8(section.arch)},           {"on", info.is_on()},
          {"why_off", as_utf8(info.why_off)},        {"default_disabled", section.default_disabled > 0},
          {"script", as_utf8(info.script)},          {"settings_file", as_utf8(info.settings_file)}};
}

/// Keys of compile.cfg and variables of lang.d may come several times; the last one counts, of a list all do.
json::object to_object(const Parameters& parameters) {
  json::object object;
  for (const auto& [name, value] : parameters) {
    json::value& place = object[as_utf8(name)];
    if (place.is_null()) {
      place = as_utf8(value);
    } else if (place.is_array()) {
      place.as_array().emplace_back(as_utf8(value));
    } else {
      place = json::array{place, as_utf8(value)};
    }
  }
  return object;
}

}  // namespace

LanguageInfo describe_language(const server::Configuration& configuration, const config::Language& language) {
  LanguageInfo info;
  info.section = &language;
  info.script = config::compile_script(language, configuration.site.script_dir.value);
  // The scripts read the file that is called like them.
  info.settings_file =
      absolute_below(configuration.site.lang_config_dir.value, info.script.substr(info.script.rfind('/') + 1) + ".cfg");
  read_settings(info);
  const std::string* found = find_setting(info, "version");
  info.version = language.version.empty() && found != nullptr ? *found : language.version;
  info.why_off = explain_off(info, configuration.recipes->find(language.id));
  return info;
}

const config::Language& find_configured(const config::CompileCfg& cfg, const std::string& wanted) {
  auto number = parse_decimal(wanted);
  std::vector<std::string_view> names;
  for (const auto& language : cfg.languages) {
    if (language.short_name == wanted || (number && *number == language.id)) return language;
    names.emplace_back(language.short_name);
  }
  auto meant = nearest(wanted, names);
  throw UsageError(fmt::format("compile.cfg has no language '{}'{}; 'ejforge lang list' shows what it has", wanted,
                               meant ? fmt::format(" (did you mean '{}'?)", *meant) : ""));
}

std::string format_languages(const std::vector<LanguageInfo>& languages) {
  std::vector<std::vector<std::string>> rows{{"language", "id", "name", "version", "suffix", "state"}};
  for (const auto& info : languages) {
    const config::Language& section = *info.section;
    rows.push_back({section.short_name, std::to_string(section.id), section.long_name,
                    info.version.empty() ? "-" : info.version, section.src_sfx, state_of(info)});
  }
  return lang::format_table(rows);
}

std::string languages_json(const std::vector<LanguageInfo>& languages) {
  json::array all;
  for (const auto& info : languages) all.push_back(describe(info));
  return json::serialize(json::object{{"languages", std::move(all)}}) + "\n";
}

std::string format_language(const LanguageInfo& language, const Parameters& parameters) {
  const config::Language& section = *language.section;
  std::string text =
      fmt::format("{} ({}): {}{}{}, {}\n  script {}\n", section.short_name, section.id, section.long_name,
                  language.version.empty() ? "" : " ", language.version, state_of(language), language.script);
  text += fmt::format("\n  {}:{}\n", section.file, section.line);
  for (const auto& [name, value] : parameters) text += fmt::format("    {} = {}\n", name, value);
  text += fmt::format("\n  {}{}\n", language.settings_file,
                      language.settings_problem.empty() ? "" : ": " + language.settings_problem);
  for (const auto& [name, value] : language.settings) text += fmt::format("    {} = {}\n", name, value);
  return harmless(text);
}

std::string language_json(const LanguageInfo& language, const Parameters& parameters) {
  json::object object = describe(language);
  object["compile_cfg"] = to_object(parameters);
  object["settings"] = to_object(language.settings);
  if (!language.settings_problem.empty()) object["settings_problem"] = as_utf8(language.settings_problem);
  return json::serialize(object) + "\n";
}

}  // namespace ejf::tools
