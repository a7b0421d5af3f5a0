// SPDX-License-Identifier: Apache-2.0
// ejudge-configure-compilers: with ejudge's options, texts and exit codes; the work is in lang/configurator.h.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/build_info.h"
#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "config/site.h"
#include "lang/configurator.h"

namespace {

using ejf::Error;
using ejf::UsageError;

constexpr std::string_view k_program = "ejudge-configure-compilers";

struct Options {
  enum class Mode { visual, batch };
  Mode mode = Mode::visual;
  bool list = false;
  bool preserve_compile_cfg = false;
  std::string lang_config_dir;
  std::string script_dir;
  std::string template_dir;
  std::string ejudge_xml;
  std::string conf_dir;
  std::string contests_home_dir;
  std::string settings;
  unsigned jobs = std::max(std::thread::hardware_concurrency(), 1U);
  std::chrono::seconds probe_timeout{60};
  ejf::lang::ProbeArguments arguments;
};

/// One option; `value_name` is empty when it takes no value.
struct OptionRow {
  std::string_view name;
  std::string_view value_name;
  std::string_view help;
  std::function<void(Options&, const std::string&)> apply;
};

int parse_number(std::string_view option, const std::string& text, int limit) {
  auto number = ejf::parse_decimal(text);
  if (!number || *number < 1 || *number > limit) {
    throw UsageError(fmt::format("--{}={}: a number from 1 to {} is expected", option, text, limit));
  }
  return static_cast<int>(*number);
}

std::string version_line() {
  return fmt::format("{} {}, compiled {} {}\n", k_program, ejf::build_info::version(), __DATE__, __TIME__);
}

void print_help();

/// In the order of --help.
const std::vector<OptionRow>& option_table() {
  using Text = const std::string&;
  static const std::vector<OptionRow> k_options{
      {"batch", "", "configure all compilers without asking anything", [](Options& o, Text) { o.mode = Options::Mode::batch; }},
      {"visual", "", "the interactive mode (default; not there yet)", [](Options& o, Text) { o.mode = Options::Mode::visual; }},
      {"list", "", "list the languages and exit", [](Options& o, Text) { o.list = true; }},
      {"preserve-compile-cfg", "", "do everything but write compile.cfg", [](Options& o, Text) { o.preserve_compile_cfg = true; }},
      {"enable-lang-config-dir", "DIR", "the directory of lang.d/*.cfg", [](Options& o, Text v) { o.lang_config_dir = v; }},
      {"enable-lang-script-dir", "DIR", "the directory of compile scripts", [](Options& o, Text v) { o.script_dir = v; }},
      {"enable-lang-script-in-dir", "DIR", "the installation's script templates", [](Options& o, Text v) { o.template_dir = v; }},
      {"enable-ejudge-xml", "FILE", "ejudge.xml", [](Options& o, Text v) { o.ejudge_xml = v; }},
      {"enable-conf-dir", "DIR", "the directory of ejudge.xml", [](Options& o, Text v) { o.conf_dir = v; }},
      {"enable-contests-home-dir", "DIR", "the directory of data/ejudge.xml", [](Options& o, Text v) { o.contests_home_dir = v; }},
      {"settings", "FILE", "ejforge.ini", [](Options& o, Text v) { o.settings = v; }},
      {"jobs", "N", "how many version scripts run at once (default: number of processors)",
       [](Options& o, Text v) { o.jobs = static_cast<unsigned>(parse_number("jobs", v, 1000)); }},
      {"probe-timeout", "SECONDS", "time limit of one version script (default: 60)",
       [](Options& o, Text v) { o.probe_timeout = std::chrono::seconds(parse_number("probe-timeout", v, 86400)); }},
      {"version", "", "print the version and exit",
       [](Options&, Text) { std::fputs(version_line().c_str(), stderr); std::exit(0); }},
      {"help", "", "print this text and exit", [](Options&, Text) { print_help(); std::exit(0); }}};
  return k_options;
}
