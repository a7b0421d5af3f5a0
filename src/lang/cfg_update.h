// SPDX-License-Identifier: Apache-2.0
// The merge of what was probed into compile.cfg: a section is never removed or given another number, and whatever the
// configurator does not decide stays in its place as it was written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lang/language_ids.h"
#include "lang/probe.h"

namespace ejf::lang {

struct CfgUpdate {
  std::string text;
  bool is_changed = false;
  std::vector<std::string> remarks;  ///< for the administrator, one line each
};

/// A language that nobody probed is not there, or, when only some were looked at, nothing is known of it.
enum class UpdateScope { all_languages, probed_languages };

/// `ids` holds the registries; the numbers in the file are added to it. Languages that are available get a section or
/// have theirs brought up to date, all others are marked `disabled`; a section with disable_auto_update is left alone
/// while its language is available. With UpdateScope::probed_languages all sections of others are left alone. Throws
/// ConfigError when the file cannot be parsed, has directives or has numbers that are not allowed.
CfgUpdate update_compile_cfg(std::string_view text, const std::string& file, const std::vector<Probe>& probes,
                             LanguageIds ids, UpdateScope scope = UpdateScope::all_languages);

/// The global part of a new compile.cfg.
std::string make_compile_cfg(const std::string& compile_home, const std::string& lang_config_dir);

/// The text with the two lines that say who generated it and when brought up to date, if it has them.
std::string restamp_compile_cfg(std::string_view text);

}  // namespace ejf::lang
