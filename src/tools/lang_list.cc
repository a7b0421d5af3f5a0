// SPDX-License-Identifier: Apache-2.0
// ejforge lang list, ejforge lang show
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "base/error.h"
#include "base/files.h"
#include "config/cfg_document.h"
#include "tools/lang_command.h"
#include "tools/lang_info.h"
#include "tools/options.h"

namespace ejf::tools {

namespace {

namespace po = boost::program_options;

constexpr std::size_t k_max_compile_cfg = std::size_t{16} << 20;

/// What stands in the section, in the order in which ejudge writes it. Empty where it comes from an @include of
/// something that is not read line by line.
Parameters parameters_of(const config::Language& language) {
  Parameters parameters;
  auto document = config::CfgDocument::parse(read_file(language.file, k_max_compile_cfg), language.file);
  if (!document) return parameters;
  const auto& sections = document->sections();
  auto section =
      std::find_if(sections.begin(), sections.end(), [&](const auto& each) { return each.line() == language.line; });
  if (section == sections.end()) return parameters;
  for (std::string_view key : config::compile_cfg_language_keys()) {
    for (auto& value : section->find_all(key)) parameters.emplace_back(key, std::move(value));
  }
  return parameters;
}

/// Options and `count` words. True when help was asked for, and given.
bool parse_question(const Arguments& arguments, const std::string& usage, std::size_t count,
                    po::variables_map& values) {
  po::options_description options = site_options();
  options.add_options()("json", "print JSON");
  if (parse(arguments, usage, options, values)) return true;
  if (words(values).size() != count) throw UsageError("Usage: " + usage);
  return false;
}

}  // namespace

int run_lang_list(const Arguments& arguments) {
  po::variables_map values;
  if (parse_question(arguments, "ejforge lang list [OPTIONS]", 0, values)) return k_done;
  config::Diagnostics diagnostics;
  const server::Configuration configuration = server::load_configuration(server_options(values), diagnostics);
  std::vector<LanguageInfo> languages;
  for (const auto& language : configuration.compile_cfg.languages) {
    languages.push_back(describe_language(configuration, language));
  }
  std::sort(languages.begin(), languages.end(),
            [](const auto& a, const auto& b) { return a.section->id < b.section->id; });
  fmt::print("{}", values.count("json") != 0 ? languages_json(languages) : format_languages(languages));
  return k_done;
}

int run_lang_show(const Arguments& arguments) {
  po::variables_map values;
  if (parse_question(arguments, "ejforge lang show LANGUAGE [OPTIONS]", 1, values)) return k_done;
  config::Diagnostics diagnostics;
  const server::Configuration configuration = server::load_configuration(server_options(values), diagnostics);
  const config::Language& language = find_configured(configuration.compile_cfg, words(values)[0]);
  const LanguageInfo info = describe_language(configuration, language);
  const Parameters parameters = parameters_of(language);
  fmt::print("{}", values.count("json") != 0 ? language_json(info, parameters) : format_language(info, parameters));
  return k_done;
}

}  // namespace ejf::tools
