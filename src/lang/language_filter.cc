// SPDX-License-Identifier: Apache-2.0
#include "lang/language_filter.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <optional>
#include <set>
#include <string_view>

#include "base/error.h"
#include "base/files.h"
#include "config/shell_cfg.h"

namespace ejf::lang {

namespace {

constexpr std::size_t k_max_file = 1U << 20;
constexpr std::string_view k_suffix = ".cfg";

/// The language that a file of lang.d configures; empty when it cannot be read or says that the compiler is not there.
std::string configured_language(int directory, const std::string& name, config::Diagnostics& diagnostics,
                                const std::string& path) {
  try {
    const auto fd = open_at(directory, name, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    const auto parsed = config::ShellCfg::parse(read_all(fd.get(), k_max_file, name), path);
    if (!parsed) {
      diagnostics.warn(parsed.error().file, parsed.error().line, parsed.error().message);
    } else if (!parsed->find("version").value_or("").empty()) {
      return parsed->find("short_name").value_or(name.substr(0, name.size() - k_suffix.size()));
    }
  } catch (const Error& error) {
    diagnostics.warn(path, 0, error.what());
  }
  return {};
}

/// Empty without a lang.d.
std::optional<std::set<std::string>> configured_languages(const config::SitePath& lang_config_dir,
                                                          config::Diagnostics& diagnostics) {
  const std::string& path = lang_config_dir.value;
  if (path.empty()) return {};
  std::set<std::string> languages;
  try {
    const auto directory = try_open_at(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
    if (!directory && lang_config_dir.origin == "built-in") return {};
    if (!directory) throw Error("there is no such directory, which -k needs");
    for (const std::string& name : list_directory(directory->get())) {
      if (name.size() <= k_suffix.size() || !name.ends_with(k_suffix)) continue;
      languages.insert(configured_language(directory->get(), name, diagnostics, fmt::format("{}/{}", path, name)));
    }
  } catch (const Error& error) {
    diagnostics.error(path, 0, error.what());
  }
  return languages;
}

}  // namespace

void keep_languages_with_key(config::CompileCfg& cfg, const std::string& key, const config::SitePath& lang_config_dir,
                             config::Diagnostics& diagnostics) {
  const auto configured = configured_languages(lang_config_dir, diagnostics);
  std::erase_if(cfg.languages, [&](const config::Language& language) {
    return language.key != key || (configured && !configured->contains(language.short_name));
  });
  if (cfg.languages.empty()) {
    diagnostics.error(
        "-k " + key, 0,
        configured ? "no language has this key and a version in " + lang_config_dir.value : "no language has this key");
  }
}

}  // namespace ejf::lang
