// SPDX-License-Identifier: Apache-2.0
#include "lang/configurator.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "base/files.h"
#include "base/temp_dir.h"
#include "base/text.h"
#include "config/compile_cfg.h"
#include "lang/variants.h"

namespace ejf::lang {

namespace {

constexpr mode_t k_directory_mode = 0775;
constexpr std::size_t k_max_lang_file = std::size_t{1} << 20;
constexpr std::size_t k_max_script = std::size_t{16} << 20;

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

/// The content of a text file; empty when it cannot be read.
std::optional<std::string> try_read(const std::string& path, std::size_t limit) {
  try {
    return read_file(path, limit);
  } catch (const Error&) {
    return {};
  }
}

bool is_one_of(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

void warn_about_noexec(const std::string& directory, const Listener& listener) {
  struct statvfs info {};
  if (::statvfs(directory.c_str(), &info) != 0 || (info.f_flag & ST_NOEXEC) == 0) return;
  listener.log(
      fmt::format("warning: programs cannot run in {} (noexec), so compilers cannot be tried there; set TMPDIR to a "
                  "directory where they can\n",
                  directory));
}

std::vector<config::ShellCfg> load_registries(const std::vector<std::string>& paths, std::string& remark) {
  std::vector<config::ShellCfg> registries;
  for (const auto& path : paths) {
    auto file = try_open_at(AT_FDCWD, path, O_RDONLY);
    if (!file) continue;
    auto values = config::ShellCfg::parse(read_all(file->get(), k_max_lang_file, path), path);
    if (!values) {
      remark = values.error().text();
      break;
    }
    registries.push_back(*std::move(values));
  }
  return registries;
}

}  // namespace

Configurator::Configurator(ConfiguratorSettings settings, Listener listener)
    : settings_(std::move(settings)),
      listener_(std::move(listener)),
      script_dir_(settings_.script_dir),
      files_(settings_.is_rehearsal, [this](std::string_view line) { say(line); }) {
  if (!settings_.is_rehearsal) return;
  rehearsal_ = std::make_unique<Stage>(settings_.temp_dir);
  rehearsal_->copy_scripts(settings_.script_dir);
  script_dir_ = rehearsal_->script_dir();
}

void Configurator::say(std::string_view line) const {
  listener_.log(std::string{line} + "\n");
}

void Configurator::fail(const std::string& line) {
  failures_.push_back(line);
  say(line);
}

std::string Configurator::compile_cfg_path() const {
  return absolute_below(settings_.compile_home, "conf/compile.cfg");
}

std::string Configurator::lang_file_path(const std::string& language) const {
  return absolute_below(settings_.lang_config_dir, language + ".cfg");
}

void Configurator::prepare_directories() const {
  if (settings_.is_rehearsal) return;
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
  return describe_languages(script_dir_, find_languages(script_dir_), settings_.limits);
}

void Configurator::run_batch() {
  refresh();
  probe();
  save_lang_config();
  // After lang.d, which compile scripts read: one that knows no other place for it finds it there.
  try_in_jail(all_probes(), !settings_.is_rehearsal);
  if (!settings_.preserve_compile_cfg) save_compile_cfg();
  update_suid_scripts();
}

void Configurator::look() {
  refresh();
  probe();
  try_in_jail(all_probes(), false);
}

void Configurator::look_again(const std::string& language, const std::string& argument) {
  auto place = std::find_if(probes_.begin(), probes_.end(), [&](const Probe& p) { return p.language == language; });
  if (place == probes_.end()) throw Error("there is no language '" + language + "'");
  *place = run_probes({{language, argument}}).at(0);
  report_probe(*place);
  try_in_jail({&*place}, false);
}

void Configurator::save() {
  save_lang_config();
  if (!settings_.preserve_compile_cfg) save_compile_cfg();
  update_suid_scripts();
}

VariantFiles Configurator::variant_files() const {
  const std::string& ids = settings_.system_ids_file;
  return {.site = absolute_below(settings_.script_dir, "variants.cfg"),
          .installation = ids.substr(0, ids.rfind('/') + 1) + "variants.cfg",
          .script_dir = script_dir_};
}

void Configurator::refresh() {
  auto templates = choose_templates({absolute_below(settings_.script_dir, "in"), settings_.template_dir});
  for (const auto& problem : add_variants(templates, variant_files())) fail(problem);
  RefreshReport report = refresh_scripts(script_dir_, templates, make_token_values(settings_.tokens));
  for (const auto& problem : report.problems) fail(problem);
  for (const auto& name : report.updated) {
    std::string file = ::access(absolute_below(script_dir_, name + ".lock").c_str(), F_OK) == 0 ? name + ".new" : name;
    std::string path = absolute_below(settings_.script_dir, file);
    auto now = try_read(absolute_below(script_dir_, file), k_max_script);
    files_.note_script(path, settings_.is_rehearsal ? try_read(path, k_max_script) : std::nullopt, now.value_or(""));
  }
  std::string_view word = settings_.is_rehearsal ? "Scripts that would be updated" : "Scripts updated";
  if (!report.updated.empty()) say(fmt::format("{}: {}", word, fmt::join(report.updated, " ")));
}

void Configurator::probe() {
  probes_ = run_probes(choose_probes());
  report_probes();
}

std::vector<Probe> Configurator::run_probes(const std::vector<ProbeRequest>& requests) const {
  TempDir work(settings_.temp_dir, "ejudge-setup.");
  warn_about_noexec(work.path(), listener_);
  std::vector<Probe> probes = probe_languages(script_dir_, requests, work.path(), settings_.limits, listener_);
  for (auto& probe : probes) {
    // The section of a language whose script fails now is still that of its old short name.
    auto stored = try_read(lang_file_path(probe.language), k_max_lang_file);
    auto values = config::ShellCfg::parse(stored.value_or(""), probe.language);
    std::string name = values ? values->find("short_name").value_or("") : "";
    if (!probe.is_readable && !name.empty()) probe.short_name = name;
  }
  return probes;
}

std::vector<std::string> Configurator::choose_languages() const {
  std::vector<std::string> all = find_languages(script_dir_);
  if (settings_.only.empty()) return all;
  for (const auto& language : settings_.only) {
    if (!is_one_of(all, language)) throw UsageError(fmt::format("--only: there is no language '{}'", language));
  }
  std::erase_if(all, [&](const std::string& language) { return !is_one_of(settings_.only, language); });
  return all;
}

std::vector<ProbeRequest> Configurator::choose_probes() {
  std::vector<ProbeRequest> requests;
  std::vector<std::string> languages = choose_languages();
  for (const auto& language : languages) {
    std::string script = absolute_below(script_dir_, language + "-version");
    if (!is_executable_file(script)) {
      fail(fmt::format("{}: is not executable; the language is left out", script));
      continue;
    }
    auto stored = try_read(lang_file_path(language), k_max_lang_file);
    requests.push_back({language, choose_probe_argument(settings_.arguments, language, stored.value_or(""))});
  }
  for (const auto& [language, argument] : settings_.arguments) {
    if (is_one_of(languages, language)) continue;
    fail(settings_.only.empty() ? fmt::format("there is no language '{}'; what was said about it is ignored", language)
                                : fmt::format("'{}' is not among the languages of --only; what was said about it is "
                                              "ignored",
                                              language));
  }
  return requests;
}

void Configurator::report_probes() {
  for (const auto& probe : probes_) report_probe(probe);
  auto available = std::count_if(probes_.begin(), probes_.end(), [](const Probe& probe) { return probe.is_enabled; });
  say(fmt::format("{} of {} languages are available", available, probes_.size()));
}

void Configurator::report_probe(const Probe& probe) {
  auto given = settings_.arguments.find(probe.language);
  bool was_asked_for =
      is_one_of(settings_.only, probe.language) || (given != settings_.arguments.end() && !given->second.empty());
  bool is_missed = !probe.is_enabled && was_asked_for && probe.argument != k_off_argument;
  if (!probe.reason.empty() || is_missed) fail(fmt::format("{}: disabled: {}", probe.language, explain_off(probe)));
  std::string command = probe.value("cmd").empty() ? probe.language : probe.value("cmd");
  if (probe.is_enabled && !is_executable_file(absolute_below(script_dir_, command))) {
    fail(fmt::format("{}: warning: its compile script {} is not there or not executable", probe.language,
                     absolute_below(settings_.script_dir, command)));
  }
  if (probe.is_enabled && probe.value("src_sfx").empty()) {
    fail(fmt::format("{}: warning: its version script prints no src_sfx, which ej-compile needs", probe.language));
  }
}

void Configurator::save_lang_config() {
  for (const auto& probe : probes_) {
    if (probe.is_readable) {
      files_.save_lang_file(settings_.lang_config_dir, probe.language + ".cfg", probe.output);
    }
  }
  for (std::string_view name : k_needed_lang_files) {
    std::string file{name};
    bool is_probed = std::any_of(probes_.begin(), probes_.end(), [&](const Probe& probe) {
      return probe.is_readable && !probe.output.empty() && probe.language + ".cfg" == file;
    });
    auto present = try_read(absolute_below(settings_.lang_config_dir, file), k_max_lang_file);
    if (is_probed || !present.value_or("").empty()) continue;
    files_.save_lang_file(settings_.lang_config_dir, file, std::string{k_absent_language});
  }
}

void Configurator::save_compile_cfg() {
  try {
    Merged merged = merge();
    for (const auto& remark : merged.update.remarks) say(remark);
    check_lang_config_dir(merged.update.text);
    files_.save_compile_cfg(compile_cfg_path(), std::move(merged.present), merged.update.text);
  } catch (const Error& error) {
    files_.give_up(compile_cfg_path(), error.what(), "save failed");
  }
}

Configurator::Merged Configurator::merge() const {
  LanguageIds ids;
  std::string remark;
  for (const auto& registry :
       load_registries({absolute_below(settings_.script_dir, "lang_ids.cfg"), settings_.system_ids_file}, remark)) {
    if (auto added = ids.add_registry(registry.variables()); !added) {
      remark = added.error();
      break;
    }
  }
  auto present = CfgFile::open(compile_cfg_path());
  std::string text = present ? present->text() : make_compile_cfg(settings_.compile_home, settings_.lang_config_dir);
  auto scope = settings_.only.empty() ? UpdateScope::all_languages : UpdateScope::probed_languages;
  CfgUpdate update = update_compile_cfg(text, compile_cfg_path(), probes_, std::move(ids), scope);
  if (!remark.empty()) update.remarks.insert(update.remarks.begin(), remark);
  return {std::move(present), std::move(update)};
}

std::map<std::string, int> Configurator::language_ids() const {
  std::map<std::string, int> ids;
  try {
    config::Diagnostics diagnostics;
    auto cfg = config::parse_compile_cfg(merge().update.text, compile_cfg_path(), {}, diagnostics);
    for (const auto& language : cfg.languages) ids.emplace(language.short_name, language.id);
  } catch (const Error&) {
    // Why is said where the file is written.
    ids.clear();
  }
  return ids;
}

/// The compile server looks for lang.d where compile.cfg says.
void Configurator::check_lang_config_dir(const std::string& text) const {
  config::Diagnostics diagnostics;
  std::string said = config::parse_compile_cfg(text, compile_cfg_path(), {}, diagnostics).lang_config_dir;
  if (said.empty() || absolute_below(settings_.compile_home, said) == settings_.lang_config_dir) return;
  say(fmt::format("warning: {} says that lang_config_dir is {}, but the files were written to {}", compile_cfg_path(),
                  said, settings_.lang_config_dir));
}

void Configurator::update_suid_scripts() {
  const std::string& tool = settings_.suid_scripts_tool;
  if (!is_executable_file(tool)) return;
  if (settings_.is_rehearsal) return say(fmt::format("would run {} all", tool));
  ScriptRunner runner({.jobs = 1, .timeout = settings_.limits.timeout},
                      [this](std::size_t, std::string_view piece) { listener_.log(piece); });
  ScriptResult result = runner.run({{tool, {tool, "all"}, "/"}}).at(0);
  if (!result.output.empty()) listener_.log(result.output);
  if (result.is_success()) return;
  fail(fmt::format("{} all: failed{}{}; programs that it prepares for running may be out of date", tool,
                   result.error.empty() ? "" : ": ", result.error));
}

}  // namespace ejf::lang
