// SPDX-License-Identifier: Apache-2.0
// ejudge-configure-compilers, with ejudge's options, texts and exit codes. The work is in lang/configurator.h.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
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

using ejf::UsageError;
namespace build_info = ejf::build_info;
namespace config = ejf::config;

constexpr std::string_view k_program = "ejudge-configure-compilers";

struct Options {
  enum class Action { interactive, batch, version, help };
  Action action = Action::interactive;
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

/// One option; one with a value_name is written --NAME=VALUE, one without takes no value.
struct OptionRow {
  std::string_view name;
  std::string_view value_name;
  std::string_view help;
  std::function<void(Options&, const std::string&)> apply;
};

/// All progress goes to standard error; standard output is for --list and --help. That nobody reads it is no reason to
/// stop half-way.
void log(std::string_view text) {
  while (!text.empty()) {
    ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
    if (n < 0 && errno != EINTR) return;
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
  }
}

int parse_number(std::string_view option, const std::string& text, int limit) {
  auto number = ejf::parse_decimal(text);
  if (!number || *number < 1 || *number > limit) {
    throw UsageError(fmt::format("--{}={}: a number from 1 to {} is expected", option, text, limit));
  }
  return static_cast<int>(*number);
}

OptionRow action_row(std::string_view name, Options::Action action, std::string_view help) {
  return {name, "", help, [=](Options& options, const std::string&) { options.action = action; }};
}

OptionRow flag_row(std::string_view name, bool Options::*member, std::string_view help) {
  return {name, "", help, [=](Options& options, const std::string&) { options.*member = true; }};
}

OptionRow path_row(std::string_view name, std::string_view what, std::string Options::*member, std::string_view help) {
  return {name, what, help, [=](Options& options, const std::string& value) { options.*member = value; }};
}

/// In the order of --help.
const std::vector<OptionRow>& option_table() {
  static const std::vector<OptionRow> k_table{
      action_row("batch", Options::Action::batch, "configure without asking anything"),
      action_row("visual", Options::Action::interactive, "the interactive mode, which is the default"),
      flag_row("list", &Options::list, "list the languages and exit"),
      flag_row("preserve-compile-cfg", &Options::preserve_compile_cfg, "do everything but write compile.cfg"),
      path_row("enable-lang-config-dir", "DIR", &Options::lang_config_dir, "configuration of compilers (lang.d)"),
      path_row("enable-lang-script-dir", "DIR", &Options::script_dir, "compile scripts"),
      path_row("enable-lang-script-in-dir", "DIR", &Options::template_dir, "templates of compile scripts"),
      path_row("enable-ejudge-xml", "FILE", &Options::ejudge_xml, "ejudge.xml"),
      path_row("enable-conf-dir", "DIR", &Options::conf_dir, "the directory of ejudge.xml"),
      path_row("enable-contests-home-dir", "DIR", &Options::contests_home_dir, "the directory of data/ejudge.xml"),
      path_row("settings", "FILE", &Options::settings, "ejforge.ini"),
      {"jobs", "N", "how many compilers are tried at once (default: one a processor)",
       [](Options& o, const std::string& v) { o.jobs = static_cast<unsigned>(parse_number("jobs", v, 1000)); }},
      {"probe-timeout", "SECONDS", "how long one compiler may be tried (default: 60)",
       [](Options& o, const std::string& v) {
         o.probe_timeout = std::chrono::seconds(parse_number("probe-timeout", v, 86400));
       }},
      action_row("version", Options::Action::version, "print the version and exit"),
      action_row("help", Options::Action::help, "print this text and exit")};
  return k_table;
}

std::string version_line() {
  return fmt::format("{} {}, compiled {} {}\n", k_program, build_info::version(), __DATE__, __TIME__);
}

std::string default_script_dir() {
  return fmt::format("{}/compile/scripts", build_info::contests_home_dir());
}

std::string help_text() {
  std::string text = fmt::format("Usage: {} [OPTIONS...]\nOptions are:\n", k_program);
  for (const auto& row : option_table()) {
    std::string option = fmt::format("--{}{}{}", row.name, row.value_name.empty() ? "" : "=", row.value_name);
    text += fmt::format("  {:<34} {}\n", option, row.help);
  }
  text += fmt::format("  {:<34} {}\n", "--with-LANG=PATH", "the compiler of a language, remembered for later runs");
  text += fmt::format("  {:<34} {}\n", "--with-LANG", "forget that and look for the compiler again");
  text += fmt::format("  {:<34} {}\n", "--without-LANG", "disable a language, also in later runs");
  text +=
      fmt::format("Defaults:\n  {:<34} {}\n  {:<34} {}\n", "configuration of compilers:", build_info::lang_config_dir(),
                  "compile scripts:", default_script_dir());
  return text;
}

/// --with-L, --with-L=VALUE and --without-L; false if it is none of these.
bool apply_language_option(Options& options, std::string_view argument) {
  constexpr std::string_view k_with = "--with-";
  constexpr std::string_view k_without = "--without-";
  bool is_without = argument.starts_with(k_without);
  if (!is_without && !argument.starts_with(k_with)) return false;
  std::string_view rest = argument.substr((is_without ? k_without : k_with).size());
  std::size_t equals = rest.find('=');
  std::string language{rest.substr(0, equals)};
  if (language.empty()) return false;
  if (is_without && equals != std::string_view::npos) {
    throw UsageError(fmt::format("option value is not permitted for {}", argument));
  }
  if (language == "gpp") language = "g++";
  std::string value = equals == std::string_view::npos ? "" : std::string{rest.substr(equals + 1)};
  options.arguments[language] = is_without ? "false" : value;
  return true;
}

void apply_option(Options& options, const std::string& argument) {
  if (apply_language_option(options, argument)) return;
  std::size_t equals = argument.find('=');
  for (const auto& row : option_table()) {
    if (argument.substr(0, equals) != fmt::format("--{}", row.name)) continue;
    if (row.value_name.empty() != (equals == std::string::npos)) break;
    return row.apply(options, equals == std::string::npos ? "" : argument.substr(equals + 1));
  }
  throw UsageError(fmt::format("invalid option {}\n", argument));
}

Options parse_options(const std::vector<std::string>& arguments) {
  Options options;
  for (const auto& argument : arguments) {
    apply_option(options, argument);
    if (options.action == Options::Action::version || options.action == Options::Action::help) break;
  }
  return options;
}

/// The three options that say where ejudge.xml is, in order of precedence.
std::string chosen_ejudge_xml(const Options& options) {
  if (!options.ejudge_xml.empty()) return options.ejudge_xml;
  if (!options.conf_dir.empty()) return ejf::absolute_below(options.conf_dir, "ejudge.xml");
  if (!options.contests_home_dir.empty()) return ejf::absolute_below(options.contests_home_dir, "data/ejudge.xml");
  return {};
}

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

config::Site find_site(const Options& options) {
  config::SiteOptions wanted;
  wanted.ejudge_xml = unless_empty(chosen_ejudge_xml(options));
  wanted.settings = unless_empty(options.settings);
  wanted.lang_config_dir = unless_empty(options.lang_config_dir);
  wanted.script_dir = unless_empty(options.script_dir);
  config::Diagnostics diagnostics;
  config::LoadedSite loaded = config::load_site(wanted, diagnostics);
  diagnostics.throw_if_errors();
  for (const auto& remark : diagnostics.all()) log(remark.text() + "\n");
  if (!loaded.xml && loaded.settings.file.empty()) {
    throw ejf::ConfigError(config::find_ejudge_xml(wanted, nullptr).value +
                           ": there is no such file; --enable-ejudge-xml=FILE says where ejudge.xml is");
  }
  if (options.contests_home_dir.empty() || !loaded.xml || !loaded.xml->contests_home_dir.empty()) return loaded.site;
  wanted.contests_home_dir = options.contests_home_dir;
  return config::resolve_site(wanted, &*loaded.xml, &loaded.settings);
}

std::string temporary_base() {
  for (const char* name : {"TMPDIR", "TEMPDIR"}) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): there are no threads
    if (value != nullptr && *value != '\0') return value;
  }
  return P_tmpdir;
}

ejf::lang::ConfiguratorSettings make_settings(const Options& options) {
  const config::Site site = find_site(options);
  const std::string here = std::filesystem::current_path();
  auto absolute = [&](std::string_view path) { return ejf::absolute_below(here, path); };
  std::string lang_dir{build_info::lang_dir()};
  std::string templates = options.template_dir.empty() ? lang_dir + "/in" : absolute(options.template_dir);
  // A copy of the installation's directory has its lang_ids.cfg beside `in`, too.
  std::string ids = templates.substr(0, templates.find_last_not_of('/') + 1) + "/../lang_ids.cfg";
  if (::access(ids.c_str(), R_OK) != 0) ids = lang_dir + "/lang_ids.cfg";
  ejf::lang::ConfiguratorSettings settings;
  settings.script_dir = absolute(site.script_dir.value);
  settings.lang_config_dir = absolute(site.lang_config_dir.value);
  settings.template_dir = templates;
  settings.system_ids_file = ids;
  settings.compile_home = absolute(site.compile_home_dir.value);
  settings.suid_scripts_tool = std::string{build_info::server_bin_dir()} + "/ej-suid-update-scripts";
  settings.temp_dir = absolute(temporary_base());
  settings.tokens = {.lang_config_dir = settings.lang_config_dir,
                     .prefix_dir = std::string{build_info::prefix_dir()},
                     .libexec_dir = std::string{build_info::libexec_dir()},
                     .local_dir = site.local_dir.value,
                     .contests_home_dir = absolute(site.contests_home_dir.value)};
  settings.arguments = options.arguments;
  settings.limits.jobs = options.jobs;
  settings.limits.timeout = options.probe_timeout;
  settings.preserve_compile_cfg = options.preserve_compile_cfg;
  return settings;
}

void configure(const Options& options) {
  if (options.action == Options::Action::interactive && !options.list) {
    throw UsageError(
        "the interactive mode is not there yet: use --batch to configure all compilers, or --list to list them");
  }
  ejf::lang::Configurator configurator(make_settings(options), log);
  configurator.prepare_directories();
  if (!options.list) {
    log(version_line());
    return configurator.run_batch();
  }
  std::optional<std::size_t> width;
  if (::isatty(STDOUT_FILENO) == 1)
    width = ejf::lang::terminal_width(std::getenv("COLUMNS"));  // NOLINT(concurrency-mt-unsafe): there are no threads
  std::string text = ejf::lang::format_list(configurator.list(), width);
  ejf::write_all(STDOUT_FILENO, text, "standard output");
}

void run(const std::vector<std::string>& arguments) {
  const Options options = parse_options(arguments);
  switch (options.action) {
    case Options::Action::version:
      return log(version_line());
    case Options::Action::help:
      return ejf::write_all(STDOUT_FILENO, help_text(), "standard output");
    case Options::Action::interactive:
    case Options::Action::batch:
      return configure(options);
  }
}

}  // namespace

int main(int argc, char** argv) {
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  try {
    run({argv + 1, argv + argc});
    return 0;
  } catch (const std::exception& error) {
    log(fmt::format("{}: {}\n", k_program, error.what()));
    return 1;
  }
}
