// SPDX-License-Identifier: Apache-2.0
// What a version script (L-version -v -r [ARG]) says about its language.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/shell_cfg.h"
#include "lang/script_runner.h"

namespace ejf::lang {

struct Probe {
  std::string language;    ///< L: the name of the script, not always the short name
  std::string short_name;  ///< what compile.cfg calls it
  std::string output;      ///< the new content of lang.d/L.cfg, byte for byte
  config::ShellCfg values;
  bool is_readable = false;  ///< output and values are there, whether or not the language is
  bool is_enabled = false;   ///< the script succeeded and printed a version
  std::string reason;        ///< why not, when the fault is the script's; empty when the compiler just is not there

  /// The value, or empty.
  std::string value(std::string_view name) const { return values.find(name).value_or(""); }
};

Probe interpret_probe(const std::string& language, ScriptResult result, std::chrono::milliseconds timeout);

/// Language and argument of --with-L and --without-L; empty: forget what is stored.
using ProbeArguments = std::map<std::string, std::string, std::less<>>;

/// The argument for the version script: the one given now, else the one that the script stored at the last time
/// (variable `arg` of `stored`, the text of lang.d/L.cfg); empty for none.
std::string choose_probe_argument(const ProbeArguments& given, const std::string& language, std::string_view stored);

struct ProbeRequest {
  std::string language;
  std::string argument;  ///< empty for none
};

/// Runs SCRIPTS/L-version, each in a directory of its own below `work_dir`. Both directories are absolute. Standard
/// error of the scripts goes to `log`.
std::vector<Probe> probe_languages(const std::string& script_dir, const std::vector<ProbeRequest>& requests,
                                   const std::string& work_dir, const ScriptRunner::Limits& limits,
                                   const std::function<void(std::string_view)>& log);

}  // namespace ejf::lang
