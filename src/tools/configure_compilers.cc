// SPDX-License-Identifier: Apache-2.0
// ejudge-configure-compilers, with ejudge's options, texts and exit codes. The work is in lang/configurator.h.
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/build_info.h"
#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "config/site.h"
#include "lang/configurator.h"
#include "lang/termination.h"
#include "tools/configure_options.h"
#include "tools/configure_report.h"
#include "tools/jail_test.h"
#include "tools/visual.h"

namespace {

using ejf::tools::ConfigureOptions;
using ejf::tools::LiveLog;
using Action = ConfigureOptions::Action;
namespace build_info = ejf::build_info;
namespace config = ejf::config;
namespace tools = ejf::tools;

/// The three options that say where ejudge.xml is, in order of precedence.
std::string chosen_ejudge_xml(const ConfigureOptions& options) {
  if (!options.ejudge_xml.empty()) return options.ejudge_xml;
  if (!options.conf_dir.empty()) return ejf::absolute_below(options.conf_dir, "ejudge.xml");
  if (!options.contests_home_dir.empty()) return ejf::absolute_below(options.contests_home_dir, "data/ejudge.xml");
  return {};
}

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

struct FoundSite {
  config::SiteOptions options;  ///< that lead there
  config::Site site;
};

FoundSite find_site(const ConfigureOptions& options, LiveLog& log) {
  config::SiteOptions wanted;
  wanted.ejudge_xml = unless_empty(chosen_ejudge_xml(options));
  wanted.settings = unless_empty(options.settings);
  wanted.lang_config_dir = unless_empty(options.lang_config_dir);
  wanted.script_dir = unless_empty(options.script_dir);
  config::Diagnostics diagnostics;
  config::LoadedSite loaded = config::load_site(wanted, diagnostics);
  diagnostics.throw_if_errors();
  for (const auto& remark : diagnostics.all()) log.log(remark.text() + "\n");
  if (!loaded.xml && loaded.settings.file.empty()) {
    throw ejf::ConfigError(config::find_ejudge_xml(wanted, nullptr).value +
                           ": there is no such file; --enable-ejudge-xml=FILE says where ejudge.xml is");
  }
  if (options.contests_home_dir.empty() || !loaded.xml || !loaded.xml->contests_home_dir.empty()) {
    return {wanted, loaded.site};
  }
  wanted.contests_home_dir = options.contests_home_dir;
  return {wanted, config::resolve_site(wanted, &*loaded.xml, &loaded.settings)};
}

std::string temporary_base() {
  for (const char* name : {"TMPDIR", "TEMPDIR"}) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): there are no threads
    if (value != nullptr && *value != '\0') return value;
  }
  return P_tmpdir;
}

/// Beside the templates: a copy of the installation's directory has it there, too. Else the installation's own.
std::string beside_templates(const std::string& templates, const std::string& name) {
  std::string path = templates.substr(0, templates.find_last_not_of('/') + 1) + "/../" + name;
  return ::access(path.c_str(), R_OK) == 0 ? path : fmt::format("{}/{}", build_info::lang_dir(), name);
}

ejf::lang::ConfiguratorSettings make_settings(const ConfigureOptions& options, LiveLog& log) {
  const FoundSite found = find_site(options, log);
  const config::Site& site = found.site;
  const std::string here = std::filesystem::current_path();
  auto absolute = [&](std::string_view path) { return ejf::absolute_below(here, path); };
  std::string templates =
      options.template_dir.empty() ? std::string{build_info::lang_dir()} + "/in" : absolute(options.template_dir);
  ejf::lang::ConfiguratorSettings settings;
  settings.script_dir = absolute(site.script_dir.value);
  settings.lang_config_dir = absolute(site.lang_config_dir.value);
  settings.template_dir = templates;
  settings.system_ids_file = beside_templates(templates, "lang_ids.cfg");
  settings.sample_dirs = {settings.script_dir + "/samples", beside_templates(templates, "samples")};
  settings.compile_home = absolute(site.compile_home_dir.value);
  settings.suid_scripts_tool = options.suid_scripts_tool.empty()
                                   ? std::string{build_info::server_bin_dir()} + "/ej-suid-update-scripts"
                                   : absolute(options.suid_scripts_tool);
  settings.temp_dir = absolute(temporary_base());
  settings.tokens = {.lang_config_dir = settings.lang_config_dir,
                     .prefix_dir = std::string{build_info::prefix_dir()},
                     .libexec_dir = std::string{build_info::libexec_dir()},
                     .local_dir = site.local_dir.value,
                     .contests_home_dir = absolute(site.contests_home_dir.value)};
  settings.arguments = options.arguments;
  settings.limits.jobs = options.jobs;
  settings.limits.timeout = options.timeout;
  settings.only = options.only;
  settings.preserve_compile_cfg = options.preserve_compile_cfg;
  settings.is_rehearsal = options.is_rehearsal;
  if (!options.no_jail_test) settings.jail_test = tools::make_jail_test(found.options, options.jobs);
  return settings;
}

void print(const std::string& text) {
  ejf::write_all(STDOUT_FILENO, text, "standard output");
}

int list(const ConfigureOptions& options, LiveLog& log) {
  ejf::lang::Configurator configurator(make_settings(options, log), log.listener());
  configurator.prepare_directories();
  const auto languages = configurator.list();
  std::optional<std::size_t> width;
  if (::isatty(STDOUT_FILENO) == 1)
    width = ejf::lang::terminal_width(std::getenv("COLUMNS"));  // NOLINT(concurrency-mt-unsafe): there are no threads
  print(options.json ? tools::language_list_json(languages) : ejf::lang::format_list(languages, width));
  return 0;
}

int run_batch(const ConfigureOptions& options, LiveLog& log) {
  ejf::lang::TerminationSignals signals;
  ejf::lang::Configurator configurator(make_settings(options, log), log.listener());
  configurator.prepare_directories();
  log.log(tools::configure_version());
  configurator.run_batch();
  log.end();
  if (options.json) {
    print(tools::configure_result_json(configurator, options.is_rehearsal));
  } else {
    for (const auto& change : configurator.changes()) print(change.diff);
  }
  return options.is_strict && tools::has_failed(configurator) ? 1 : 0;
}

bool has_terminal() {
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

/// Saving is the person's to decide; not to save is no failure.
int run_visual(const ConfigureOptions& options, LiveLog& log) {
  if (!has_terminal()) throw ejf::Error("--visual needs a terminal; --batch needs none");
  bool is_saved = tools::run_menu(make_settings(options, log));
  log.log(is_saved ? "the configuration was saved\n" : "the configuration was not saved\n");
  return 0;
}

int run(const std::vector<std::string>& arguments, LiveLog& log) {
  const ConfigureOptions options = tools::parse_configure_options(arguments);
  if (options.list && options.action != Action::version && options.action != Action::help) return list(options, log);
  switch (options.action) {
    case Action::version:
      log.log(tools::configure_version());
      return 0;
    case Action::help:
      print(tools::configure_help());
      return 0;
    case Action::visual:
      return run_visual(options, log);
    case Action::batch:
      return run_batch(options, log);
    case Action::by_terminal:
      return has_terminal() && !options.json && !options.is_rehearsal ? run_visual(options, log)
                                                                      : run_batch(options, log);
  }
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  LiveLog log;
  try {
    return run({argv + 1, argv + argc}, log);
  } catch (const std::exception& error) {
    log.log(fmt::format("{}: {}\n", ejf::tools::k_configure_program, error.what()));
    return 1;
  }
}
