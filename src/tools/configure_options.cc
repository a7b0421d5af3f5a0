// SPDX-License-Identifier: Apache-2.0
#include "tools/configure_options.h"

#include <fmt/format.h>

#include <functional>

#include "base/build_info.h"
#include "base/error.h"
#include "base/text.h"

namespace ejf::tools {

namespace {

using Action = ConfigureOptions::Action;

/// One option; one with a value_name is written --NAME=VALUE or --NAME VALUE, one without takes no value.
struct OptionRow {
  std::string_view name;
  std::string_view value_name;
  std::string_view help;
  std::function<void(ConfigureOptions&, const std::string&)> apply;
};

int parse_number(std::string_view option, const std::string& text, int limit) {
  auto number = parse_decimal(text);
  if (!number || *number < 1 || *number > limit) {
    throw UsageError(fmt::format("--{}={}: a number from 1 to {} is expected", option, text, limit));
  }
  return static_cast<int>(*number);
}

/// ejudge's other name of g++.
std::string language_name(std::string_view name) {
  return name == "gpp" ? "g++" : std::string{name};
}

void add_languages(ConfigureOptions& options, const std::string& list) {
  for (std::string_view name : split(list, ',')) {
    if (name.empty()) throw UsageError(fmt::format("--only={}: names with commas between them are expected", list));
    options.only.push_back(language_name(name));
  }
}

OptionRow action_row(std::string_view name, Action action, std::string_view help) {
  return {name, "", help, [=](ConfigureOptions& options, const std::string&) { options.action = action; }};
}

OptionRow flag_row(std::string_view name, bool ConfigureOptions::*member, std::string_view help) {
  return {name, "", help, [=](ConfigureOptions& options, const std::string&) { options.*member = true; }};
}

OptionRow path_row(std::string_view name, std::string_view what, std::string ConfigureOptions::*member,
                   std::string_view help) {
  return {name, what, help, [=](ConfigureOptions& options, const std::string& value) { options.*member = value; }};
}

/// In the order of --help.
const std::vector<OptionRow>& option_table() {
  using Options = ConfigureOptions;
  static const std::vector<OptionRow> k_table{
      action_row("batch", Action::batch, "configure without asking anything"),
      action_row("visual", Action::visual, "show a menu; the default on a terminal, --batch elsewhere"),
      flag_row("list", &Options::list, "list the languages and exit"),
      flag_row("json", &Options::json, "batch or list; print the result as JSON"),
      flag_row("dry-run", &Options::is_rehearsal, "batch; change nothing, print what would change as a diff"),
      {"only", "LANG,LANG", "look at these languages only", add_languages},
      {"jobs", "N", "how many compilers are tried at once (default: one a processor)",
       [](Options& o, const std::string& v) { o.jobs = static_cast<unsigned>(parse_number("jobs", v, 1000)); }},
      {"timeout", "SECONDS", "how long one version script may take (default: 60)",
       [](Options& o, const std::string& v) { o.timeout = std::chrono::seconds(parse_number("timeout", v, 86400)); }},
      flag_row("no-jail-test", &Options::no_jail_test, "do not compile a sample of each language in the jail"),
      flag_row("strict", &Options::is_strict, "exit with 1 if anything that was wanted has failed"),
      flag_row("preserve-compile-cfg", &Options::preserve_compile_cfg, "do everything but write compile.cfg"),
      path_row("enable-lang-config-dir", "DIR", &Options::lang_config_dir, "configuration of compilers (lang.d)"),
      path_row("enable-lang-script-dir", "DIR", &Options::script_dir, "compile scripts"),
      path_row("enable-lang-script-in-dir", "DIR", &Options::template_dir, "templates of compile scripts"),
      path_row("enable-ejudge-xml", "FILE", &Options::ejudge_xml, "ejudge.xml"),
      path_row("enable-conf-dir", "DIR", &Options::conf_dir, "the directory of ejudge.xml"),
      path_row("enable-contests-home-dir", "DIR", &Options::contests_home_dir, "the directory of data/ejudge.xml"),
      path_row("settings", "FILE", &Options::settings, "ejforge.ini"),
      path_row("suid-update-scripts", "FILE", &Options::suid_scripts_tool, "ejudge's ej-suid-update-scripts"),
      action_row("version", Action::version, "print the version and exit"),
      action_row("help", Action::help, "print this text and exit")};
  return k_table;
}

/// --with-L, --with-L=VALUE and --without-L; false if it is none of these.
bool apply_language_option(ConfigureOptions& options, std::string_view argument) {
  constexpr std::string_view k_with = "--with-";
  constexpr std::string_view k_without = "--without-";
  bool is_without = argument.starts_with(k_without);
  if (!is_without && !argument.starts_with(k_with)) return false;
  std::string_view rest = argument.substr((is_without ? k_without : k_with).size());
  std::size_t equals = rest.find('=');
  std::string language = language_name(rest.substr(0, equals));
  if (language.empty()) return false;
  if (is_without && equals != std::string_view::npos) {
    throw UsageError(fmt::format("option value is not permitted for {}", argument));
  }
  std::string value = equals == std::string_view::npos ? "" : std::string{rest.substr(equals + 1)};
  options.arguments[language] = is_without ? std::string{lang::k_off_argument} : value;
  return true;
}

/// Returns how many of the arguments it took.
std::size_t apply_option(ConfigureOptions& options, const std::string& argument, const std::string* next) {
  if (apply_language_option(options, argument)) return 1;
  std::size_t equals = argument.find('=');
  for (const auto& row : option_table()) {
    if (argument.substr(0, equals) != fmt::format("--{}", row.name)) continue;
    bool has_value = equals != std::string::npos;
    if (row.value_name.empty() ? has_value : !has_value && next == nullptr) break;
    bool is_apart = !row.value_name.empty() && !has_value;
    row.apply(options, is_apart ? *next : has_value ? argument.substr(equals + 1) : "");
    return is_apart ? 2 : 1;
  }
  throw UsageError(fmt::format("invalid option {}\n", argument));
}

std::string default_script_dir() {
  return fmt::format("{}/compile/scripts", build_info::contests_home_dir());
}

}  // namespace

ConfigureOptions parse_configure_options(const std::vector<std::string>& arguments) {
  ConfigureOptions options;
  for (std::size_t i = 0; i < arguments.size();) {
    i += apply_option(options, arguments[i], i + 1 < arguments.size() ? &arguments[i + 1] : nullptr);
    if (options.action == Action::version || options.action == Action::help) return options;
  }
  if (options.action == Action::visual && !options.list && (options.json || options.is_rehearsal)) {
    throw UsageError("--visual goes with neither --json nor --dry-run");
  }
  return options;
}

std::string configure_help() {
  std::string text = fmt::format("Usage: {} [OPTIONS...]\nOptions are:\n", k_configure_program);
  for (const auto& row : option_table()) {
    std::string option = fmt::format("--{}{}{}", row.name, row.value_name.empty() ? "" : "=", row.value_name);
    text += fmt::format("  {:<34} {}\n", option, row.help);
  }
  text += fmt::format("  {:<34} {}\n", "--with-LANG=PATH", "the compiler of a language, remembered for later runs");
  text += fmt::format("  {:<34} {}\n", "--with-LANG, --with-LANG=", "forget that and look for the compiler again");
  text += fmt::format("  {:<34} {}\n", "--without-LANG", "disable a language, also in later runs");
  text +=
      fmt::format("Defaults:\n  {:<34} {}\n  {:<34} {}\n", "configuration of compilers:", build_info::lang_config_dir(),
                  "compile scripts:", default_script_dir());
  return text;
}

std::string configure_version() {
  return fmt::format("{} {}, compiled {} {}\n", k_configure_program, build_info::version(), __DATE__, __TIME__);
}

}  // namespace ejf::tools
