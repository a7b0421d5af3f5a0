// SPDX-License-Identifier: Apache-2.0
#include "compile/named_paths.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"

namespace ejf::compile {

namespace {

constexpr std::size_t k_most_named_paths = 100;  // each is a descriptor, and one message takes 253 of them

std::string with_slash(std::string path) {
  if (!path.ends_with('/')) path += '/';
  return path;
}

std::vector<std::string> named_paths(const std::vector<std::string>& environment) {
  std::vector<std::string> paths;
  for (std::string_view variable : environment) {
    auto equals = variable.find('=');
    if (equals == std::string_view::npos) continue;
    auto name = variable.substr(0, equals);
    auto value = variable.substr(equals + 1);
    if (name == "EJUDGE_BUILD_SCRIPT" || name == "EJUDGE_OPT_BUILD_SCRIPT" || name == "EJUDGE_LANG_CONFIG") {
      paths.emplace_back(value);
    } else if (name == "EJUDGE_CLASSPATH") {
      for (auto piece : split(value, ':')) paths.emplace_back(piece);
    }
  }
  return paths;
}

/// Empty when it cannot be opened, but for faults of the machine: what is hidden must not be shown, and what is there
/// not be missing, because no descriptor was free.
UniqueFd try_open(const std::string& path, int flags) {
  UniqueFd fd{::open(path.c_str(), flags | O_CLOEXEC)};
  if (!fd) throw_if_machine_fault("open", path);
  return fd;
}

std::string directory_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

/// Absolute, and each part of it is a name.
bool is_normal(std::string_view path) {
  if (!path.starts_with('/') || path.size() == 1) return false;
  const auto parts = split(path.substr(1), '/');
  return std::none_of(parts.begin(), parts.end(),
                      [](std::string_view part) { return part.empty() || part == "." || part == ".."; });
}

bool is_shown(const std::string& path, const std::vector<jail::VisiblePath>& visible) {
  return std::any_of(visible.begin(), visible.end(), [&](const auto& shown) { return shown.path == path; });
}

bool is_closed(const std::string& real, const std::vector<std::string>& closed) {
  return std::any_of(closed.begin(), closed.end(), [&](const std::string& each) {
    const std::string top = resolve(each);
    return !top.empty() && with_slash(real).starts_with(with_slash(top));
  });
}

/// Puts an empty directory over what is hidden in a directory that is shown. By resolved names, because a name with a
/// link in it may lead there too.
void cover(const std::string& shown, const std::string& real, const HiddenPaths& hidden,
           std::vector<jail::VisiblePath>& visible) {
  const std::string top = with_slash(real);
  auto put_over = [&](const std::string& directory) {
    const std::string inside = resolve(directory);
    if (!inside.starts_with(top) || !try_open(inside, O_PATH | O_DIRECTORY)) return false;
    visible.push_back({with_slash(shown) + inside.substr(top.size()), {}});
    return true;
  };
  for (const std::string& each : hidden.closed) put_over(each);
  if (put_over(hidden.contests_home)) show(hidden.compile_home, {.closed = hidden.closed}, visible);
}

}  // namespace

std::string resolve(const std::string& path) {
  std::unique_ptr<char, decltype(&std::free)> real{::realpath(path.c_str(), nullptr), &std::free};
  if (real) return real.get();
  throw_if_machine_fault("resolve", path);
  return {};
}

bool is_below_a_root(const std::string& path, const std::vector<std::string>& roots) {
  if (roots.empty()) return true;
  const std::string resolved = resolve(path);
  return !resolved.empty() && std::any_of(roots.begin(), roots.end(), [&](const std::string& root) {
    const std::string top = resolve(root);
    return !top.empty() && with_slash(resolved).starts_with(with_slash(top));
  });
}

void show(const std::string& path, const HiddenPaths& hidden, std::vector<jail::VisiblePath>& visible) {
  const std::string real = resolve(path);
  if (!is_normal(path) || real.empty() || is_shown(path, visible) || is_closed(real, hidden.closed)) return;
  UniqueFd fd = try_open(path, O_PATH);
  if (!fd) return;
  const bool is_directory = S_ISDIR(stat_fd(fd.get(), path).st_mode);
  if (is_directory && (real == "/" || real == resolve(hidden.contests_home))) return;
  visible.push_back({path, std::move(fd)});
  if (is_directory) cover(path, real, hidden, visible);
}

void show_program(const std::string& program, const HiddenPaths& hidden, std::vector<jail::VisiblePath>& visible) {
  if (!is_normal(program)) return;
  for (const std::string& path : {program, resolve(program)}) {
    if (path.empty()) continue;
    show(directory_of(path), hidden, visible);
    if (is_shown(directory_of(path), visible)) continue;
    UniqueFd fd = try_open(path, O_PATH);
    if (fd && !is_shown(path, visible)) visible.push_back({path, std::move(fd)});
  }
}

std::vector<jail::VisiblePath> open_named_paths(const std::vector<std::string>& environment,
                                                const std::vector<std::string>& roots, const HiddenPaths& hidden) {
  std::vector<jail::VisiblePath> visible;
  for (const std::string& path : named_paths(environment)) {
    if (!is_below_a_root(path, roots)) continue;
    show(path, hidden, visible);
    if (visible.size() > k_most_named_paths) {
      throw Error(fmt::format("the request's environment names more than {} paths", k_most_named_paths));
    }
  }
  return visible;
}

std::vector<std::string> names_in(const std::string& directory) {
  UniqueFd fd = try_open(directory, O_RDONLY | O_DIRECTORY);
  return fd ? list_directory(fd.get()) : std::vector<std::string>{};
}

UniqueFd open_named_file(const std::string& path, const std::vector<std::string>& roots) {
  if (!is_below_a_root(path, roots)) {
    errno = EACCES;
    return {};
  }
  UniqueFd file = try_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (file && !S_ISREG(stat_fd(file.get(), path).st_mode)) {
    errno = EINVAL;
    return {};
  }
  return file;
}

}  // namespace ejf::compile
