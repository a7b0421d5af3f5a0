// SPDX-License-Identifier: Apache-2.0
#include "lang/configurator.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>

#include "base/child.h"
#include "base/error.h"
#include "base/files.h"
#include "base/temp_dir.h"
#include "base/text.h"
#include "config/compile_cfg.h"
#include "lang/cfg_file.h"
#include "lang/cfg_update.h"
#include "lang/variants.h"

namespace ejf::lang {

namespace {

constexpr mode_t k_directory_mode = 0775;
constexpr mode_t k_lang_file_mode = 0644;
constexpr std::size_t k_max_lang_file = std::size_t{1} << 20;

/// What ej-suid-update-scripts includes: it stops at the first of them that is missing or empty.
constexpr std::string_view k_needed_lang_files[] = {"mcs.cfg", "javac.cfg", "javac7.cfg", "gcc-vg.cfg",
                                                    "dotnet-cs.cfg"};
constexpr std::string_view k_absent_language = "# This language is not available.\nversion=\n";

/// Follows links.
bool is_directory(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool is_executable_file(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

/// The content of a small text file; empty when it cannot be read.
std::string read_lang_file(const std::string& path) {
  try {
    return read_file(path, k_max_lang_file);
  } catch (const Error&) {
    return {};
  }
}

void warn_about_noexec(const std::string& directory, const Configurator::Log& log) {
  struct statvfs info {};
  if (::statvfs(directory.c_str(), &info) != 0 || (info.f_flag & ST_NOEXEC) == 0) return;
  log(
      fmt::format("warning: programs cannot run in {} (noexec), so compilers cannot be tried there; set TMPDIR to a "
                  "directory where they can\n",
                  directory));
}

}  // namespace

Configurator::Configurator(ConfiguratorSettings settings, Log log)
    : settings_(std::move(settings)), log_(std::move(log)) {}

void Configurator::say(std::string_view line) const {
  log_(std::string{line} + "\n");
}

void Configurator::prepare_directories() const {
  if (!is_directory(settings_.script_dir)) {
    say("script directory does not exist, creating...");
    make_directory(settings_.script_dir, k_directory_mode);
  }
  if (!is_directory(settings_.lang_config_dir)) make_directory(settings_.lang_config_dir, k_directory_mode);
  for (const auto& path : {settings_.script_dir, settings_.lang_config_dir}) {
    if (!is_directory(path)) throw Error(path + ": is not a directory");
  }
}

std::vector<LanguageDescription> Configurator::list() const {
  return describe_languages(settings_.script_dir, find_languages(settings_.script_dir), settings_.limits);
}

void Configurator::run_batch() {
  refresh();
  probe();
  save_lang_config();
  if (!settings_.preserve_compile_cfg) save_compile_cfg();
  update_suid_scripts();
}

void Configurator::refresh() const {
  auto templates = choose_templates({absolute_below(settings_.script_dir, "in"), settings_.template_dir});
  const std::string& ids = settings_.system_ids_file;
  VariantFiles variants{.site = absolute_below(settings_.script_dir, "variants.cfg"),
                        .installation = ids.substr(0, ids.rfind('/') + 1) + "variants.cfg",
                        .script_dir = settings_.script_dir};
  for (const auto& problem : add_variants(templates, variants)) say(problem);
  RefreshReport report = refresh_scripts(settings_.script_dir, templates, make_token_values(settings_.tokens));
  for (const auto& problem : report.problems) say(problem);
  if (!report.updated.empty()) say(fmt::format("Scripts updated: {}", fmt::join(report.updated, " ")));
}

void Configurator::probe() {
  TempDir work(settings_.temp_dir, "ejudge-setup.");
  warn_about_noexec(work.path(), log_);
  probes_ = probe_languages(settings_.script_dir, choose_probes(), work.path(), settings_.limits, log_);
  report_probes();
}

std::vector<ProbeRequest> Configurator::choose_probes() const {
  std::vector<ProbeRequest> requests;
  std::vector<std::string> languages = find_languages(settings_.script_dir);
  for (const auto& language : languages) {
    std::string script = absolute_below(settings_.script_dir, language + "-version");
    if (!is_executable_file(script)) {
      say(fmt::format("{}: is not executable; the language is left out", script));
      continue;
    }
    std::string stored = read_lang_file(absolute_below(settings_.lang_config_dir, language + ".cfg"));
    requests.push_back({language, choose_probe_argument(settings_.arguments, language, stored)});
  }
  for (const auto& [language, argument] : settings_.arguments) {
    if (std::binary_search(languages.begin(), languages.end(), language)) continue;
    say(fmt::format("there is no language '{}'; what was said about it is ignored", language));
  }
  return requests;
}

void Configurator::report_probes() const {
  for (const auto& probe : probes_) {
    if (!probe.reason.empty()) say(fmt::format("{}: disabled: {}", probe.language, probe.reason));
    std::string command = probe.value("cmd").empty() ? probe.language : probe.value("cmd");
    std::string script = absolute_below(settings_.script_dir, command);
    if (probe.is_enabled && !is_executable_file(script)) {
      say(fmt::format("{}: warning: its compile script {} is not there or not executable", probe.language, script));
    }
    if (probe.is_enabled && probe.value("src_sfx").empty()) {
      say(fmt::format("{}: warning: its version script prints no src_sfx, which ej-compile needs", probe.language));
    }
  }
  auto available = std::count_if(probes_.begin(), probes_.end(), [](const Probe& probe) { return probe.is_enabled; });
  say(fmt::format("{} of {} languages are available", available, probes_.size()));
}

void Configurator::save_lang_config() const {
  UniqueFd directory = open_directory(settings_.lang_config_dir);
  for (const auto& probe : probes_) {
    if (probe.is_readable) save_lang_file(directory.get(), probe.language + ".cfg", probe.output);
  }
  for (std::string_view name : k_needed_lang_files) {
    std::string file{name};
    auto info = try_stat_at(directory.get(), file);
    if (!info || info->st_size == 0) save_lang_file(directory.get(), file, std::string{k_absent_language});
  }
}

void Configurator::save_lang_file(int directory, const std::string& name, const std::string& text) const {
  std::string path = absolute_below(settings_.lang_config_dir, name);
  try {
    // Compile scripts run as another user, who must be able to read the file whatever the umask is here.
    auto info = try_stat_at(directory, name);
    bool is_file = info && S_ISREG(info->st_mode);
    mode_t mode = k_lang_file_mode | (is_file ? info->st_mode & 0777 : 0);
    bool is_same = is_file && (info->st_mode & 0777) == mode && read_file(path, k_max_lang_file) == text;
    if (!is_same) write_file_like(directory, name, text, is_file ? *info : stat_fd(directory, path), mode);
    say(fmt::format("{}: {}", path, is_same ? "not changed" : "saved"));
  } catch (const Error& error) {
    say(error.what());
    say(fmt::format("{}: failed", path));
  }
}

void Configurator::save_compile_cfg() const {
  std::string path = absolute_below(settings_.compile_home, "conf/compile.cfg");
  try {
    say(fmt::format("{}: {}", path, write_compile_cfg() ? "saved" : "not changed"));
  } catch (const Error& error) {
    say(error.what());
    say(fmt::format("{}: save failed", path));
  }
}

/// True when there was something to write.
bool Configurator::write_compile_cfg() const {
  std::string path = absolute_below(settings_.compile_home, "conf/compile.cfg");
  LanguageIds ids;
  for (const auto& registry : load_registries()) {
    if (auto added = ids.add_registry(registry.variables()); !added) {
      say(added.error());
      break;
    }
  }
  auto present = CfgFile::open(path);
  std::string text = present ? present->text() : make_compile_cfg(settings_.compile_home, settings_.lang_config_dir);
  CfgUpdate update = update_compile_cfg(text, path, probes_, std::move(ids));
  for (const auto& remark : update.remarks) say(remark);
  check_lang_config_dir(update.text, path);
  if (!present) {
    CfgFile::create(path, update.text);
    return true;
  }
  if (update.is_changed) present->replace(restamp_compile_cfg(update.text));
  return update.is_changed;
}

/// The compile server looks for lang.d where compile.cfg says.
void Configurator::check_lang_config_dir(const std::string& text, const std::string& path) const {
  config::Diagnostics diagnostics;
  std::string said = config::parse_compile_cfg(text, path, {}, diagnostics).lang_config_dir;
  if (said.empty() || absolute_below(settings_.compile_home, said) == settings_.lang_config_dir) return;
  say(fmt::format("warning: {} says that lang_config_dir is {}, but the files were written to {}", path, said,
                  settings_.lang_config_dir));
}

std::vector<config::ShellCfg> Configurator::load_registries() const {
  std::vector<config::ShellCfg> registries;
  for (const auto& path : {absolute_below(settings_.script_dir, "lang_ids.cfg"), settings_.system_ids_file}) {
    auto file = try_open_at(AT_FDCWD, path, O_RDONLY);
    if (!file) continue;
    auto values = config::ShellCfg::parse(read_all(file->get(), k_max_lang_file, path), path);
    if (!values) {
      say(values.error().text());
      break;
    }
    registries.push_back(*std::move(values));
  }
  return registries;
}

void Configurator::update_suid_scripts() const {
  const std::string& tool = settings_.suid_scripts_tool;
  if (!is_executable_file(tool)) return;
  try {
    ChildSpec spec{.program = tool,
                   .argv = {tool, "all"},
                   .env = current_environment(),
                   .directory = "",
                   .fds = {{STDERR_FILENO, STDOUT_FILENO}, {STDERR_FILENO, STDERR_FILENO}}};
    int status = Child(spec).wait();
    if (status != 0) say(fmt::format("{} all: failed; programs that it prepares for running may be out of date", tool));
  } catch (const SysError& error) {
    say(error.what());
  }
}

}  // namespace ejf::lang
