// SPDX-License-Identifier: Apache-2.0
// The whole of `ejudge-configure-compilers`: scripts from templates, one probe for each language, lang.d and
// compile.cfg.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/language_list.h"
#include "lang/probe.h"
#include "lang/templates.h"

namespace ejf::lang {

struct ConfiguratorSettings {
  std::string script_dir;         ///< scripts, and below it `in` and lang_ids.cfg of the site
  std::string lang_config_dir;    ///< lang.d
  std::string template_dir;       ///< the installation's templates
  std::string system_ids_file;    ///< the installation's lang_ids.cfg
  std::string compile_home;       ///< has conf/compile.cfg
  std::string suid_scripts_tool;  ///< ej-suid-update-scripts; need not be there
  std::string temp_dir;           ///< where the directory for probes is made
  TokenDirectories tokens;
  ProbeArguments arguments;
  ScriptRunner::Limits limits;
  bool preserve_compile_cfg = false;
};

/// A language that cannot be configured and a file that cannot be written are reported and change nothing else;
/// what makes the whole impossible throws Error.
class Configurator {
 public:
  /// Takes text for the person who watches: whole lines, and what version scripts say, as it comes.
  using Log = std::function<void(std::string_view)>;

  Configurator(ConfiguratorSettings settings, Log log);

  /// Makes the directories of scripts and of lang.d (not their parents) unless they are there.
  void prepare_directories() const;
  std::vector<LanguageDescription> list() const;
  void run_batch();

 private:
  void say(std::string_view line) const;
  void refresh() const;
  void probe();
  std::vector<ProbeRequest> choose_probes() const;
  void report_probes() const;
  void save_lang_config() const;
  void save_lang_file(int directory, const std::string& name, const std::string& text) const;
  void save_compile_cfg() const;
  bool write_compile_cfg() const;
  void check_lang_config_dir(const std::string& text, const std::string& path) const;
  std::vector<config::ShellCfg> load_registries() const;
  void update_suid_scripts() const;

  ConfiguratorSettings settings_;
  Log log_;
  std::vector<Probe> probes_;
};

}  // namespace ejf::lang
