// SPDX-License-Identifier: Apache-2.0
#include "lang/recipe.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <system_error>

#include "base/build_info.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/text.h"
#include "config/shell_cfg.h"

namespace ejf::lang {

namespace {

constexpr std::size_t k_max_lang_config = 1U << 20;

std::string why_not_executable(const std::string& command) {
  struct stat info {};
  if (::stat(command.c_str(), &info) != 0) {
    return command + ": " + std::generic_category().message(errno);
  }
  if (!S_ISREG(info.st_mode)) return command + ": not a regular file";
  // The mode, not access(2): root may do everything, and the jail's user is not the one who asks here.
  if ((info.st_mode & 0111) == 0) return command + ": not executable";
  return {};
}

/// Why names of files cannot be made with the language's suffixes; empty: they can.
std::string why_no_suffix(const Recipe& recipe) {
  if (!is_plain_suffix(recipe.src_sfx) || !is_plain_suffix(recipe.exe_sfx)) {
    return "src_sfx or exe_sfx is not a plain suffix";
  }
  if (recipe.exe_sfx == ".txt" || recipe.exe_sfx == ".json") {
    return "exe_sfx " + recipe.exe_sfx + " is the suffix of another report file";
  }
  return {};
}

std::uint64_t limit_or_none(std::int64_t limit) {
  return limit > 0 ? static_cast<std::uint64_t>(limit) : 0;
}

Recipe make_recipe(const config::Language& language, const config::CompileCfg& cfg, const config::Site& site,
                   const jail::Limits& base) {
  Recipe recipe;
  recipe.lang_id = language.id;
  recipe.short_name = language.short_name;
  recipe.long_name = language.long_name;
  recipe.multi_header_suffix = language.multi_header_suffix;
  recipe.arch = language.arch;
  recipe.key = language.key;
  recipe.version = language.version;
  recipe.src_sfx = language.src_sfx;
  recipe.exe_sfx = language.exe_sfx;
  recipe.command = config::compile_script(language, site.script_dir.value);
  recipe.network = language.enable_network > 0;
  recipe.enable_custom = language.enable_custom > 0;
  const config::CompileLimits limits = config::compile_limits(cfg, language);
  recipe.limits = base;
  recipe.limits.real_time = config::compile_time_limit(cfg, language);
  recipe.limits.address_space = limit_or_none(limits.vm);
  recipe.limits.stack = limit_or_none(limits.stack);
  recipe.limits.file_size = limit_or_none(limits.file);
  if (limits.rss > 0) recipe.limits.memory = static_cast<std::uint64_t>(limits.rss);
  recipe.unavailable = language.broken_reason;
  if (recipe.unavailable.empty()) recipe.unavailable = why_not_executable(recipe.command);
  const std::string why = why_no_suffix(recipe);
  if (!why.empty()) {
    if (recipe.unavailable.empty()) recipe.unavailable = why;
    recipe.is_usable = false;
    recipe.exe_sfx.clear();  // replies go under that name, whatever becomes of the request
  }
  return recipe;
}

/// Empty when there is none, or none that can be read: the configurator reports that, and a compile script decides for
/// itself. One bad file must not keep the other languages from being served.
std::optional<config::ShellCfg> try_parse(int directory, const std::string& name) {
  try {
    auto text = read_all(open_at(directory, name, O_RDONLY | O_NONBLOCK | O_NOCTTY).get(), k_max_lang_config, name);
    if (auto parsed = config::ShellCfg::parse(text, name)) return std::move(*parsed);
  } catch (const Error& error) {
    log::warning("lang.d: {}", error.what());
  }
  return {};
}

std::string resolve(const std::string& path) {
  std::unique_ptr<char, decltype(&std::free)> real{::realpath(path.c_str(), nullptr), &std::free};
  return real ? std::string{real.get()} : std::string{};
}

bool is_below(std::string_view path, std::string_view directory) {
  return path == directory || (path.starts_with(directory) && path[directory.size()] == '/');
}

std::string parent_of(const std::string& path) {
  auto slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

bool is_too_much(const std::string& directory) {
  static constexpr std::array<std::string_view, 12> k_never{"/",    "/home", "/root", "/var",  "/var/lib", "/etc",
                                                            "/tmp", "/run",  "/srv",  "/proc", "/sys",     "/dev"};
  return std::find(k_never.begin(), k_never.end(), directory) != k_never.end() ||
         (is_below(directory, "/home") && std::count(directory.begin(), directory.end(), '/') < 3);
}

/// Of a file or directory that is there under this name.
std::string installation_at(const std::string& name) {
  static constexpr std::array<std::string_view, 6> k_system{"/usr", "/bin", "/sbin", "/lib", "/lib64", "/opt"};
  for (std::string_view directory : k_system) {
    if (is_below(name, directory)) return {};
  }
  struct stat info {};
  if (::stat(name.c_str(), &info) != 0) return {};
  std::string directory = S_ISDIR(info.st_mode) ? name : parent_of(name);
  if (directory.ends_with("/bin") && !is_too_much(parent_of(directory))) directory = parent_of(directory);
  return is_too_much(directory) ? std::string{} : directory;
}

/// `path` with the first link in it replaced by what it stands for; empty: it leads through none.
std::string follow_one_link(const std::string& path) {
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string name = path.substr(0, end);
    std::array<char, PATH_MAX> target{};
    const ssize_t n = ::readlink(name.c_str(), target.data(), target.size());
    if (n > 0) {
      const std::filesystem::path to{std::string(target.data(), static_cast<std::size_t>(n))};
      const std::string rest = end == std::string::npos ? "" : path.substr(end);
      return ((std::filesystem::path(name).parent_path() / to).string() + rest);
    }
    if (end == std::string::npos) return {};
  }
}

/// What must be there under this name: the installation, also under another name that a link gives to it; or, when only
/// the program is a link, no more than the directory in which it lies.
std::string place_of_name(const std::string& path) {
  std::string named = installation_at(path);
  if (named.empty() || resolve(named) == installation_of(path)) return named;
  const std::string parent = parent_of(path);
  return is_too_much(parent) ? std::string{} : parent;
}

}  // namespace

std::string installation_of(const std::string& path) {
  const std::string real = resolve(path);
  return real.empty() ? std::string{} : installation_at(real);
}

std::vector<std::string> names_of(const std::string& path) {
  constexpr std::size_t k_most = 40;  // as in the kernel
  std::vector<std::string> names;
  for (std::string name = path; !name.empty() && names.size() < k_most; name = follow_one_link(name)) {
    name = std::filesystem::path(name).lexically_normal().string();
    names.push_back(name);
  }
  return names;
}

std::vector<std::string> visible_paths(const config::Site& site) {
  std::vector<std::string> paths{site.script_dir.value, site.lang_config_dir.value,
                                 std::string{build_info::lang_dir()}};
  auto lang_config_dir = try_open_at(AT_FDCWD, site.lang_config_dir.value, O_RDONLY | O_DIRECTORY);
  if (!lang_config_dir) return paths;
  auto names = list_directory(lang_config_dir->get());
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    if (!name.ends_with(".cfg")) continue;
    auto parsed = try_parse(lang_config_dir->get(), name);
    if (!parsed) continue;
    for (const auto& [variable, value] : parsed->variables()) {
      if (!value.starts_with('/')) continue;
      for (const std::string& path : names_of(value)) {
        std::string directory = place_of_name(path);
        if (!directory.empty()) paths.push_back(std::move(directory));
      }
    }
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

RecipeBook::RecipeBook(const config::CompileCfg& cfg, const config::Site& site, const jail::Limits& base,
                       config::Diagnostics& diagnostics) {
  for (const auto& language : cfg.languages) {
    Recipe recipe = make_recipe(language, cfg, site, base);
    if (recipe.unavailable.empty()) {
      ++available_;
    } else {
      diagnostics.warn(language.file, language.line,
                       "language '" + recipe.short_name + "' is off: " + recipe.unavailable);
    }
    recipes_.emplace(recipe.lang_id, std::move(recipe));
  }
}

const Recipe* RecipeBook::find(int lang_id) const {
  auto found = recipes_.find(lang_id);
  return found == recipes_.end() ? nullptr : &found->second;
}

const Recipe* RecipeBook::find(const std::string& short_name) const {
  auto found = std::find_if(recipes_.begin(), recipes_.end(),
                            [&](const auto& entry) { return entry.second.short_name == short_name; });
  return found == recipes_.end() ? nullptr : &found->second;
}

}  // namespace ejf::lang
