// SPDX-License-Identifier: Apache-2.0
// What is known of the configured languages, for people.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "server/configuration.h"

namespace ejf::tools {

struct LanguageInfo {
  const config::Language* section = nullptr;                  ///< of compile.cfg
  std::string version;                                        ///< of compile.cfg, else of lang.d
  std::string script;                                         ///< the compile script
  std::string why_off;                                        ///< empty: it is on
  std::string settings_file;                                  ///< of lang.d, whether it is there or not
  std::string settings_problem;                               ///< why it cannot be read
  std::vector<std::pair<std::string, std::string>> settings;  ///< of lang.d, in the order of the file

  bool is_on() const noexcept { return why_off.empty(); }
};

LanguageInfo describe_language(const server::Configuration& configuration, const config::Language& language);

/// By short name or number. Throws UsageError with the nearest name when there is none.
const config::Language& find_configured(const config::CompileCfg& cfg, const std::string& wanted);

/// One line each, with a head.
std::string format_languages(const std::vector<LanguageInfo>& languages);
std::string languages_json(const std::vector<LanguageInfo>& languages);

/// `parameters`: those that stand in the section of compile.cfg.
using Parameters = std::vector<std::pair<std::string, std::string>>;
std::string format_language(const LanguageInfo& language, const Parameters& parameters);
std::string language_json(const LanguageInfo& language, const Parameters& parameters);

}  // namespace ejf::tools
