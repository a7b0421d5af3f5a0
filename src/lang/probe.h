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

/// What came of compiling the language's sample in the jail.
enum class JailState { not_tested, passed, failed };

struct Probe {
  std::string language;    ///< L: the name of the script, not always the short name
  std::string argument;    ///< what the script was given; empty: nothing
  std::string short_name;  ///< what compile.cfg calls it
  std::string output;      ///< the new content of lang.d/L.cfg, byte for byte
  config::ShellCfg values;
  bool is_readable = false;  ///< output and values are there, whether or not the language is
  bool is_enabled = false;   ///< the script succeeded and printed a version, and the jail is no obstacle
  std::string reason;        ///< why not, when something is wrong; empty when the compiler just is not there
  std::string path;          ///< of the compiler, as the script tells who watches; may be a bare word or empty
  JailState jail = JailState::not_tested;

  /// The value, or empty.
  std::string value(std::string_view name) const { return values.find(name).value_or(""); }
};

/// The argument by which a language is switched off.
constexpr std::string_view k_off_argument = "false";

/// Why the language is off, for people; empty when it is on.
std::string explain_off(const Probe& probe);

/// PATH of "checking whether ... is available... yes, PATH, VERSION", the last such line; else empty.
std::string find_tool_path(std::string_view errors);

/// Language and argument of --with-L and --without-L; empty: forget what is stored.
using ProbeArguments = std::map<std::string, std::string, std::less<>>;

/// The argument for the version script: the one given now, else the one that the script stored at the last time
/// (variable `arg` of `stored`, the text of lang.d/L.cfg); empty for none.
std::string choose_probe_argument(const ProbeArguments& given, const std::string& language, std::string_view stored);

struct ProbeRequest {
  std::string language;
  std::string argument;  ///< empty for none
};

Probe interpret_probe(const ProbeRequest& request, ScriptResult result, std::chrono::milliseconds timeout);

/// How far many of them are.
struct Progress {
  std::size_t done = 0;
  std::size_t total = 0;
  std::vector<std::string> running;  ///< languages
};

/// Somebody who watches.
struct Listener {
  std::function<void(std::string_view)> log;      ///< whole lines, and what scripts say, as it comes
  std::function<void(const Progress&)> progress;  ///< may be empty
};

/// Runs SCRIPTS/L-version, each in a directory of its own below `work_dir`. Both directories are absolute. Standard
/// error of the scripts goes to the listener's log.
std::vector<Probe> probe_languages(const std::string& script_dir, const std::vector<ProbeRequest>& requests,
                                   const std::string& work_dir, const ScriptRunner::Limits& limits,
                                   const Listener& listener);

}  // namespace ejf::lang
