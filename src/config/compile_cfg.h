// SPDX-License-Identifier: Apache-2.0
// compile.cfg: which languages the compile server has. Members have ejudge's names; the table in compile_cfg_keys.cc
// says what each means.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/cfg_reader.h"
#include "config/diagnostics.h"

namespace ejf::config {

/// One [language] section. Flags are -1 when not set, else a number that is "on" above 0; sizes are -1 when not set.
struct Language {
  int line = 0;      ///< of its [language]
  std::string file;  ///< the same
  /// Why requests for this language cannot be served (such as no cmd); empty if all is well. Never stops the server.
  std::string broken_reason;

  int id = 0;
  int compile_id = 0;
  int compile_dir_index = 0;
  int priority_adjustment = 0;
  int compile_real_time_limit = -1;  ///< seconds

  std::string short_name;
  std::string long_name;
  std::string version;
  std::string key;
  std::string arch;
  std::string src_sfx;
  std::string exe_sfx;
  std::string content_type;
  std::string cmd;
  std::string style_checker_cmd;
  std::string extid;
  std::string super_run_dir;
  std::string compile_dir;
  std::string compile_server_id;
  std::string multi_header_suffix;
  std::string container_options;
  std::string compiler_container_options;
  std::string clean_up_cmd;
  std::string run_env_file;
  std::string clean_up_env_file;
  std::vector<std::string> style_checker_env;
  std::vector<std::string> compiler_env;

  int disabled = -1;
  int insecure = -1;
  int disable_security = -1;
  int enable_suid_run = -1;
  int is_dos = -1;
  int binary = -1;
  int disable_auto_testing = -1;
  int disable_testing = -1;
  int enable_custom = -1;
  int enable_ejudge_env = -1;
  int enable_network = -1;
  int enable_remote_cache = -1;
  int preserve_line_numbers = -1;
  int default_disabled = -1;
  int enabled = -1;
  int disable_auto_update = -1;

  std::int64_t max_vm_size = -1;
  std::int64_t max_stack_size = -1;
  std::int64_t max_file_size = -1;
  std::int64_t max_rss_size = -1;
  std::int64_t run_max_stack_size = -1;
  std::int64_t run_max_vm_size = -1;
  std::int64_t run_max_rss_size = -1;
  std::int64_t run_max_file_size = -1;

  bool broken() const noexcept { return !broken_reason.empty(); }
  /// multi_header_suffix, else the short name.
  const std::string& header_suffix() const noexcept {
    return multi_header_suffix.empty() ? short_name : multi_header_suffix;
  }
};

/// The global keys that the compile server uses, and the languages in the order of the file.
struct CompileCfg {
  std::string root_dir;
  std::string var_dir;
  std::string conf_dir;
  std::string work_dir;
  std::string compile_dir;
  std::string compile_work_dir;
  std::string lang_config_dir;
  std::string script_dir;
  std::string ejudge_checkers_dir;
  int compile_real_time_limit = 60;  ///< seconds
  int enable_language_import = -1;
  int sleep_time = 1000;  ///< milliseconds; checked and not used
  int cr_serialization_key = 0;
  std::int64_t compile_max_vm_size = -1;
  std::int64_t compile_max_stack_size = -1;
  std::int64_t compile_max_file_size = -1;
  std::int64_t compile_max_rss_size = -1;

  std::vector<Language> languages;

  const Language* find_language(int id) const;
};

constexpr int k_max_language_id = 999999;

/// Reads the file and what it includes. Errors go to `diagnostics`, also that the file cannot be read; the result
/// holds what could be understood.
CompileCfg load_compile_cfg(const std::string& path, const CfgVariables& variables, Diagnostics& diagnostics);
/// The same for a text that was read already.
CompileCfg parse_compile_cfg(std::string_view text, const std::string& file, const CfgVariables& variables,
                             Diagnostics& diagnostics, const CfgSource& source = cfg_files());

/// The names of all keys, in the order in which ejudge's configurator writes them.
std::span<const std::string_view> compile_cfg_global_keys();
std::span<const std::string_view> compile_cfg_language_keys();

/// How long the compiler or the style checker may run: the language's limit, else the global one, else 60 s.
std::chrono::seconds compile_time_limit(const CompileCfg& cfg, const Language& language);

/// Limits of the compiler in bytes; -1 is none.
struct CompileLimits {
  std::int64_t vm = -1;
  std::int64_t stack = -1;
  std::int64_t file = -1;
  std::int64_t rss = -1;
};

/// The language's limits, else the global ones. What a request asks for goes before these.
CompileLimits compile_limits(const CompileCfg& cfg, const Language& language);

/// The compile script: cmd, below `scripts` unless absolute.
std::string compile_script(const Language& language, std::string_view scripts);

/// Where compile.cfg puts its directories.
struct CompileDirs {
  std::string root;
  std::string var;
  std::string work;
  std::string compile;       ///< the spool of the legacy layout
  std::string compile_work;  ///< what ejudge would work in
};

/// `local_dir` may be empty.
CompileDirs compile_dirs(const CompileCfg& cfg, std::string_view contests_home, std::string_view local_dir);

/// The list of languages as contests import it. `lang_id_map` (FROM -> TO) is applied backwards: the language that
/// serves requests for FROM is shown under that id.
std::string export_compile_cfg(const CompileCfg& cfg, const std::map<int, int>& lang_id_map);

}  // namespace ejf::config
