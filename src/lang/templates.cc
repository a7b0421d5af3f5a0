// SPDX-License-Identifier: Apache-2.0
#include "lang/templates.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <optional>
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/files.h"
#include "base/text.h"

namespace ejf::lang {

namespace {

constexpr std::size_t k_max_script = std::size_t{16} << 20;
constexpr mode_t k_script_mode = 0775;
constexpr std::string_view k_suffix = ".in";

/// A place in a template: the token, or empty at the end of the text.
struct TokenPlace {
  std::size_t position = 0;
  const std::pair<std::string, std::string>* token = nullptr;
};

TokenPlace next_token(std::string_view text, std::size_t from, const TokenValues& tokens) {
  for (std::size_t at = text.find('@', from); at != std::string_view::npos; at = text.find('@', at + 1)) {
    for (const auto& token : tokens) {
      std::string_view rest = text.substr(at + 1);
      if (rest.starts_with(token.first) && rest.substr(token.first.size()).starts_with('@')) return {at, &token};
    }
  }
  return {text.size(), nullptr};
}

std::string_view up_to_nul(std::string_view text) {
  return text.substr(0, text.find('\0'));
}

/// stat, following links; empty when there is nothing.
std::optional<struct stat> try_stat_target(int dir, const std::string& name) {
  struct stat info {};
  if (::fstatat(dir, name.c_str(), &info, 0) == 0) return info;
  if (errno == ENOENT) return {};
  throw SysError("stat", name);
}

/// Keeps the script under a second name, without a moment in which it has none: a compilation may start right now.
void keep_as_old(int dir, const std::string& name) {
  std::string old = name + ".old";
  try_unlink_at(dir, old);
  if (::linkat(dir, name.c_str(), dir, old.c_str(), 0) == 0 || errno == ENOENT) return;
  // A file system without hard links.
  try_rename_at(dir, name, dir, old);
}

void write_script(int dir, const std::string& name, const std::string& text) {
  AtomicFile file(dir, name, k_script_mode);
  file.write(text);
  file.commit();
}

/// Not only by the second, as ejudge's does: a template may be corrected right after a run.
bool is_before(const timespec& a, const timespec& b) {
  return std::pair(a.tv_sec, a.tv_nsec) < std::pair(b.tv_sec, b.tv_nsec);
}

/// One template and its script. True if something was written; throws Error when that was not possible.
bool refresh_script(int dir, const TemplateFile& source, const TokenValues& tokens) {
  auto script = try_stat_target(dir, source.name);
  if (script && !S_ISREG(script->st_mode)) throw Error(source.name + ": is not a regular file");

  std::string text = source.text;
  std::optional<timespec> changed;
  if (text.empty()) {
    UniqueFd fd = open_at(AT_FDCWD, source.path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    changed = stat_fd(fd.get(), source.path).st_mtim;
    text = read_all(fd.get(), k_max_script, source.path);
  }
  std::string wanted = expand_template(text, tokens);
  if (script) {
    std::string present =
        read_all(open_at(dir, source.name, O_RDONLY | O_NONBLOCK | O_NOCTTY).get(), k_max_script, source.name);
    if (present == wanted) return false;
    if (changed && !is_before(script->st_mtim, *changed) && !is_expansion_of(present, text, tokens)) return false;
  }
  if (try_stat_at(dir, source.name + ".lock")) {
    write_script(dir, source.name + ".new", wanted);
    return true;
  }
  if (script) keep_as_old(dir, source.name);
  write_script(dir, source.name, wanted);
  return true;
}

}  // namespace

TokenValues make_token_values(const TokenDirectories& directories) {
  return {{"lang_config_dir", directories.lang_config_dir},
          {"prefix", directories.prefix_dir},
          {"exec_prefix", directories.prefix_dir},
          {"libexecdir", directories.libexec_dir},
          {"local_dir", directories.local_dir},
          {"contests_home_dir", directories.contests_home_dir}};
}

std::string expand_template(std::string_view text, const TokenValues& tokens) {
  text = up_to_nul(text);
  std::string out;
  std::size_t from = 0;
  for (;;) {
    TokenPlace place = next_token(text, from, tokens);
    out.append(text.substr(from, place.position - from));
    if (place.token == nullptr) return out;
    out.append(place.token->second);
    from = place.position + place.token->first.size() + 2;
  }
}

bool is_expansion_of(std::string_view script, std::string_view text, const TokenValues& tokens) {
  text = up_to_nul(text);
  std::map<std::string, std::string_view> found;
  TokenPlace place = next_token(text, 0, tokens);
  if (!script.starts_with(text.substr(0, place.position))) return false;
  script.remove_prefix(place.position);
  while (place.token != nullptr) {
    std::size_t from = place.position + place.token->first.size() + 2;
    TokenPlace next = next_token(text, from, tokens);
    std::string_view literal = text.substr(from, next.position - from);
    auto known = found.find(place.token->first);
    // The last piece of text is the end of the script; one between two tokens is looked for.
    std::size_t length = known != found.end()    ? known->second.size()
                         : next.token != nullptr ? script.find(literal)
                                                 : script.size() - std::min(script.size(), literal.size());
    std::string_view value = script.substr(0, length);
    if (length == std::string_view::npos || length > script.size() || value.find('\n') != std::string_view::npos) {
      return false;
    }
    if (!found.emplace(place.token->first, value).second && found[place.token->first] != value) return false;
    script.remove_prefix(length);
    if (!script.starts_with(literal)) return false;
    script.remove_prefix(literal.size());
    place = next;
  }
  return script.empty();
}

std::vector<TemplateFile> choose_templates(const std::vector<std::string>& directories) {
  std::map<std::string, std::string> owners;
  for (const auto& directory : directories) {
    auto fd = try_open_at(AT_FDCWD, directory, O_RDONLY | O_DIRECTORY);
    if (!fd) continue;
    for (const auto& file : list_directory(fd->get())) {
      if (!is_plain_name(file) || file.size() <= k_suffix.size() || !file.ends_with(k_suffix)) continue;
      auto info = try_stat_target(fd->get(), file);
      if (!info || !S_ISREG(info->st_mode)) continue;
      owners.emplace(file.substr(0, file.size() - k_suffix.size()), absolute_below(directory, file));
    }
  }
  std::vector<TemplateFile> templates;
  templates.reserve(owners.size());
  for (auto& [name, path] : owners) templates.push_back({name, path, {}});
  return templates;
}

RefreshReport refresh_scripts(const std::string& script_dir, const std::vector<TemplateFile>& templates,
                              const TokenValues& tokens) {
  UniqueFd dir = open_directory(script_dir);
  RefreshReport report;
  for (const auto& source : templates) {
    try {
      if (refresh_script(dir.get(), source, tokens)) report.updated.push_back(source.name);
    } catch (const Error& error) {
      report.problems.push_back("error: " + script_dir + ": " + error.what());
    }
  }
  return report;
}

}  // namespace ejf::lang
