// SPDX-License-Identifier: Apache-2.0
#include "lang/samples.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/files.h"
#include "base/text.h"
#include "config/shell_cfg.h"

namespace ejf::lang {

namespace {

constexpr std::size_t k_max_aliases = std::size_t{1} << 20;

bool is_file(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

/// The language whose samples do for this one, too; empty for none.
std::string find_alias(const std::string& directory, const std::string& language) {
  std::string path = absolute_below(directory, "aliases.cfg");
  auto file = try_open_at(AT_FDCWD, path, O_RDONLY);
  if (!file) return {};
  auto aliases = config::ShellCfg::parse(read_all(file->get(), k_max_aliases, path), path);
  return aliases ? aliases->find(language).value_or("") : "";
}

}  // namespace

std::string find_sample(const std::vector<std::string>& directories, const std::string& language,
                        const std::string& suffix) {
  for (const auto& directory : directories) {
    for (const auto& name : {language, find_alias(directory, language)}) {
      std::string path = absolute_below(directory, fmt::format("{}/correct{}", name, suffix));
      if (is_plain_name(name) && is_plain_suffix(suffix) && is_file(path)) return path;
    }
  }
  return {};
}

}  // namespace ejf::lang
