// SPDX-License-Identifier: Apache-2.0
#include "config/site.h"

#include <fcntl.h>
#include <fmt/format.h>

#include "base/build_info.h"
#include "base/error.h"
#include "base/files.h"
#include "base/text.h"

namespace ejf::config {

namespace {

constexpr std::string_view k_option = "option";
constexpr std::string_view k_built_in = "built-in";

bool exists(const std::string& path) {
  try {
    return try_stat_at(AT_FDCWD, path).has_value();
  } catch (const SysError&) {
    return false;  // such as a component that is no directory
  }
}

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

/// Goes through the sources of one value in order; the first that has it wins.
class Choice {
 public:
  Choice& option(const std::optional<std::string>& value) {
    if (value) take(*value, k_option);
    return *this;
  }
  Choice& setting(const Settings* settings, std::string_view key, std::string_view section = "paths") {
    const auto* given = settings == nullptr ? nullptr : settings->find_given(section, key);
    // Only the spool directory means something when it is empty.
    if (given != nullptr && (!given->text.empty() || key == "spool_dir")) take(given->text, given->origin);
    return *this;
  }
  Choice& value(std::string_view text, std::string_view origin) {
    if (!text.empty()) take(text, origin);
    return *this;
  }
  SitePath otherwise(std::string_view text, std::string_view origin = k_built_in) {
    take(text, origin);
    return std::move(path_);
  }

 private:
  void take(std::string_view text, std::string_view origin) {
    if (!path_.origin.empty()) return;
    path_.value = without_slash(std::string{text});
    path_.origin = origin;
  }

  SitePath path_;
};

SitePath compile_home(const SiteOptions& options, const EjudgeXml* xml, const SitePath& contests_home) {
  Choice choice;
  choice.option(options.compile_home_dir);
  if (xml != nullptr && xml->has_compile_home_dir) choice.value(xml->compile_home_dir, xml->file);
  return choice.otherwise(contests_home.value + "/compile", contests_home.origin);
}

/// What was built in belongs to the compile home that was built in; another one has its lang.d inside.
SitePath usual_lang_config_dir(const SitePath& compile_home_dir) {
  if (compile_home_dir.value == fmt::format("{}/compile", build_info::contests_home_dir())) {
    return {std::string{build_info::lang_config_dir()}, std::string{k_built_in}};
  }
  return {compile_home_dir.value + "/conf/lang.d", compile_home_dir.origin};
}

}  // namespace

Site resolve_site(const SiteOptions& options, const EjudgeXml* xml, const Settings* settings) {
  Site site;
  if (xml != nullptr) site.ejudge_xml = {xml->file, std::string{options.ejudge_xml ? k_option : k_built_in}};
  if (settings != nullptr && !settings->file.empty()) {
    site.settings = {settings->file, std::string{options.settings ? k_option : k_built_in}};
  }
  site.contests_home_dir = Choice()
                               .option(options.contests_home_dir)
                               .setting(settings, "contests_home_dir")
                               .value(xml != nullptr ? xml->contests_home_dir : "", xml != nullptr ? xml->file : "")
                               .otherwise(build_info::contests_home_dir());
  site.compile_home_dir = compile_home(options, xml, site.contests_home_dir);
  site.spool_dir =
      Choice().option(options.spool_dir).setting(settings, "spool_dir").otherwise(build_info::compile_spool_dir());
  site.local_dir = Choice().option(options.local_dir).setting(settings, "local_dir").otherwise(build_info::local_dir());
  const SitePath lang_config = usual_lang_config_dir(site.compile_home_dir);
  site.lang_config_dir = Choice()
                             .option(options.lang_config_dir)
                             .setting(settings, "lang_config_dir")
                             .otherwise(lang_config.value, lang_config.origin);
  site.script_dir = Choice()
                        .option(options.script_dir)
                        .setting(settings, "script_dir")
                        .otherwise(site.compile_home_dir.value + "/scripts", site.compile_home_dir.origin);
  site.compile_cfg = Choice()
                         .option(options.compile_cfg)
                         .otherwise(site.compile_home_dir.value + "/conf/compile.cfg", site.compile_home_dir.origin);
  site.primary_user = Choice().otherwise(build_info::primary_user());
  site.compile_user = Choice().setting(settings, "compile_user", "server").otherwise(build_info::compile_user());
  return site;
}

SitePath find_ejudge_xml(const SiteOptions& options, const Settings* settings) {
  if (options.ejudge_xml) return {*options.ejudge_xml, std::string{k_option}};
  const auto below = [](SitePath directory, std::string_view name) {
    return SitePath{absolute_below(directory.value, name), std::move(directory.origin)};
  };
  SitePath conf = Choice().option(options.conf_dir).otherwise("", "");
  if (!conf.value.empty()) return below(std::move(conf), "ejudge.xml");
  SitePath home = Choice().option(options.contests_home_dir).otherwise("", "");
  if (!home.value.empty()) return below(std::move(home), "data/ejudge.xml");
  conf = Choice().setting(settings, "conf_dir").otherwise("", "");
  if (!conf.value.empty()) return below(std::move(conf), "ejudge.xml");
  home = Choice().setting(settings, "contests_home_dir").otherwise("", "");
  if (!home.value.empty()) return below(std::move(home), "data/ejudge.xml");
  SitePath usual = below({std::string{build_info::conf_dir()}, std::string{k_built_in}}, "ejudge.xml");
  if (exists(usual.value)) return usual;
  return below({std::string{build_info::contests_home_dir()}, std::string{k_built_in}}, "data/ejudge.xml");
}

LoadedSite load_site(const SiteOptions& options, Diagnostics& diagnostics) {
  LoadedSite out;
  if (options.settings) out.settings = load_settings(*options.settings, diagnostics);
  const SitePath xml = find_ejudge_xml(options, &out.settings);
  if (options.ejudge_xml_text) {
    out.xml = parse_ejudge_xml(*options.ejudge_xml_text, xml.value);
  } else if (options.ejudge_xml || exists(xml.value)) {
    out.xml = load_ejudge_xml(xml.value);
  }
  const EjudgeXml* known = out.xml ? &*out.xml : nullptr;
  if (!options.settings) {
    const Site site = resolve_site(options, known, nullptr);
    const std::string path = site.compile_home_dir.value + "/conf/ejforge.ini";
    if (exists(path)) out.settings = load_settings(path, diagnostics);
  }
  out.site = resolve_site(options, known, &out.settings);
  if (known != nullptr) out.site.ejudge_xml = xml;
  return out;
}

}  // namespace ejf::config
