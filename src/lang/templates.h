// SPDX-License-Identifier: Apache-2.0
// Scripts from templates: NAME.in in one of two directories becomes SCRIPTS/NAME, with six @tokens@ replaced.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ejf::lang {

/// Token and value, without the @ signs around the token. What is not listed stays as it is.
using TokenValues = std::vector<std::pair<std::string, std::string>>;

/// The directories that the six tokens of ejudge stand for.
struct TokenDirectories {
  std::string lang_config_dir;
  std::string prefix_dir;  ///< also @exec_prefix@, as at ejudge
  std::string libexec_dir;
  std::string local_dir;
  std::string contests_home_dir;
};
TokenValues make_token_values(const TokenDirectories& directories);

/// The text up to the first NUL with all tokens replaced. A value is not looked at again.
std::string expand_template(std::string_view text, const TokenValues& tokens);

/// Whether `script` is what expand_template makes of `text` for some values of the tokens (each the same everywhere,
/// none with a line break): nobody has edited it, it only was made for other directories.
bool is_expansion_of(std::string_view script, std::string_view text, const TokenValues& tokens);

struct TemplateFile {
  std::string name;       ///< of the script, without .in
  std::string path;       ///< of the template
  std::string text = {};  ///< of a template that is no file; `path` says where it comes from
};

/// The template that owns each name, sorted by name: the first directory that has NAME.in, whatever its age, so that
/// a newer template of the installation never replaces what the administrator has overridden. A directory that does
/// not exist has none.
std::vector<TemplateFile> choose_templates(const std::vector<std::string>& directories);

struct RefreshReport {
  std::vector<std::string> updated;   ///< names of scripts that were written (as NAME.new where locked)
  std::vector<std::string> problems;  ///< one line each
};

/// Writes the scripts that are older than their template and differ from it; also those that nobody has edited and
/// that were made with other token values, and those whose template is no file. The old script stays as NAME.old. While
/// NAME.lock exists, NAME is left alone and NAME.new is written. Scripts have mode 0775 and appear complete or not at
/// all. Throws SysError only when the directory of scripts cannot be opened.
RefreshReport refresh_scripts(const std::string& script_dir, const std::vector<TemplateFile>& templates,
                              const TokenValues& tokens);

}  // namespace ejf::lang
