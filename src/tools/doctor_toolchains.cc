// SPDX-License-Identifier: Apache-2.0
// ejforge doctor: what the configured languages name.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "jail/view.h"
#include "tools/doctor.h"
#include "tools/lang_info.h"

namespace ejf::tools {

namespace {

std::string configure(const LanguageInfo& info) {
  return fmt::format("ejudge-configure-compilers --batch --only={}", info.section->short_name);
}

bool is_below(const std::string& path, const std::string& directory) {
  return path == directory || path.starts_with(directory + "/");
}

/// Whether jobs can use what `path` names.
DoctorFinding examine_path(const LanguageInfo& info, const std::string& key, const std::string& path,
                           const std::vector<std::string>& shown) {
  const std::string what = fmt::format("{}: {} = {}", info.section->short_name, key, path);
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return {Health::fail, fmt::format("{}: {}", what, std::generic_category().message(errno)),
            fmt::format("install it, or: {}", configure(info))};
  }
  for (const std::string& name : lang::names_of(path)) {
    const bool is_shown = jail::is_system_path(name) || std::any_of(shown.begin(), shown.end(), [&](const auto& each) {
                            return is_below(name, each);
                          });
    if (is_shown) continue;
    return {Health::fail, fmt::format("{}: jobs do not see {}", what, name),
            fmt::format("ejforge.ini, [jail]: visible = {}", name.substr(0, name.rfind('/')))};
  }
  return {Health::ok, what, ""};
}

void examine_language(const LanguageInfo& info, const std::vector<std::string>& shown, DoctorFindings& findings) {
  const config::Language& section = *info.section;
  if (section.disabled > 0) {
    findings.push_back({Health::ok, section.short_name + ": disabled in compile.cfg", ""});
    return;
  }
  if (!info.is_on()) {
    findings.push_back({Health::fail, fmt::format("{}: {}", section.short_name, info.why_off), configure(info)});
    return;
  }
  std::size_t named = 0;
  DoctorFindings bad;
  for (const auto& [key, value] : info.settings) {
    if (!value.starts_with('/')) continue;
    ++named;
    DoctorFinding finding = examine_path(info, key, value, shown);
    if (finding.health != Health::ok) bad.push_back(std::move(finding));
  }
  if (bad.empty()) {
    const std::string seen =
        named == 0 ? info.script : fmt::format("{} and {} paths that it names", info.script, named);
    bad.push_back({Health::ok, fmt::format("{} {}: {}", section.short_name, info.version, seen), ""});
  }
  findings.insert(findings.end(), bad.begin(), bad.end());
}

}  // namespace

DoctorFindings examine_toolchains(const server::Configuration& configuration) {
  std::vector<std::string> shown = lang::visible_paths(configuration.site);
  DoctorFindings findings;
  for (const std::string& path : configuration.settings.visible) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
      findings.push_back({Health::warn,
                          fmt::format("[jail] visible names {}: {}", path, std::generic_category().message(errno)),
                          "edit " + configuration.settings.file});
    }
    shown.push_back(path);
  }
  for (const auto& language : configuration.compile_cfg.languages) {
    examine_language(describe_language(configuration, language), shown, findings);
  }
  for (const std::string& path : shown) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0) findings.push_back({Health::ok, "jobs see " + path, ""});
  }
  return findings;
}

}  // namespace ejf::tools
