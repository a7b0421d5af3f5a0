// SPDX-License-Identifier: Apache-2.0
// The whole of `ejudge-configure-compilers`: scripts from templates, one probe for each language, a trial in the jail,
// lang.d and compile.cfg.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/cfg_update.h"
#include "lang/jail_test.h"
#include "lang/language_list.h"
#include "lang/probe.h"
#include "lang/site_files.h"
#include "lang/stage.h"
#include "lang/templates.h"
#include "lang/variants.h"

namespace ejf::lang {

struct ConfiguratorSettings {
  std::string script_dir;         ///< scripts, and below it `in` and lang_ids.cfg of the site
  std::string lang_config_dir;    ///< lang.d
  std::string template_dir;       ///< the installation's templates
  std::string system_ids_file;    ///< the installation's lang_ids.cfg
  std::string compile_home;       ///< has conf/compile.cfg
  std::string suid_scripts_tool;  ///< ej-suid-update-scripts; need not be there
  std::string temp_dir;           ///< where the directories for probes are made
  TokenDirectories tokens;
  ProbeArguments arguments;
  ScriptRunner::Limits limits;
  std::vector<std::string> sample_dirs;  ///< for the trial in the jail
  JailTest jail_test;                    ///< empty: no trial
  std::vector<std::string> only;         ///< the languages to look at; empty: all
  bool preserve_compile_cfg = false;
  bool is_rehearsal = false;  ///< changes nothing, and finds out what would change
};

/// A language that cannot be configured and a file that cannot be written are reported and change nothing else;
/// what makes the whole impossible throws Error.
class Configurator {
 public:
  Configurator(ConfiguratorSettings settings, Listener listener);

  /// Makes the directories of scripts and of lang.d (not their parents) unless they are there.
  void prepare_directories() const;
  std::vector<LanguageDescription> list() const;

  /// All of it, in ejudge's order.
  void run_batch();

  /// The same in pieces, for somebody who wants to look and to change in between. First scripts from templates, then
  /// a probe of each language and its trial in the jail.
  void look();
  /// One language again, with another argument.
  void look_again(const std::string& language, const std::string& argument);
  void save();

  const std::vector<Probe>& probes() const noexcept { return probes_; }
  const std::vector<FileChange>& changes() const noexcept { return files_.changes(); }
  /// What was asked for and could not be done, one line each. A compiler that just is not there is none.
  const std::vector<std::string>& failures() const noexcept { return failures_; }
  /// The number of each language, by short name, as compile.cfg would have them; empty when it cannot be made up.
  std::map<std::string, int> language_ids() const;

 private:
  /// compile.cfg as it is and as it should be.
  struct Merged {
    std::optional<CfgFile> present;
    CfgUpdate update;
  };

  void say(std::string_view line) const;
  void fail(const std::string& line);
  std::string compile_cfg_path() const;
  std::string lang_file_path(const std::string& language) const;

  VariantFiles variant_files() const;
  void refresh();
  void probe();
  std::vector<ProbeRequest> choose_probes();
  std::vector<std::string> choose_languages() const;
  std::vector<Probe> run_probes(const std::vector<ProbeRequest>& requests) const;
  void report_probes();
  void report_probe(const Probe& probe);

  void try_in_jail(const std::vector<Probe*>& probes, bool is_lang_config_saved);
  std::vector<SampleJob> choose_samples(const std::vector<Probe*>& probes, const ServerPlace& place) const;
  void take_verdict(Probe& probe, const SampleVerdict& verdict);
  std::vector<Probe*> all_probes();

  void save_lang_config();
  void save_compile_cfg();
  Merged merge() const;
  void check_lang_config_dir(const std::string& text) const;
  void update_suid_scripts();

  ConfiguratorSettings settings_;
  Listener listener_;
  std::unique_ptr<Stage> rehearsal_;  ///< where a rehearsal has its scripts
  std::string script_dir_;            ///< the site's, or the rehearsal's
  SiteFiles files_;
  std::vector<Probe> probes_;
  std::vector<std::string> failures_;
};

}  // namespace ejf::lang
