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

/// Empty when there is no such file.
std::string resolve(const std::string& path) {
  std::unique_ptr<char, decltype(&std::free)> real{::realpath(path.c_str(), nullptr), &std::free};
  return real ? std::string{real.get()} : std::string{};
}

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

std::string directory_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

}  // namespace

bool is_below_a_root(const std::string& path, const std::vector<std::string>& roots) {
  if (roots.empty()) return true;
  const std::string resolved = resolve(path);
  return !resolved.empty() && std::any_of(roots.begin(), roots.end(), [&](const std::string& root) {
    const std::string top = resolve(root);
    return !top.empty() && with_slash(resolved).starts_with(with_slash(top));
  });
}

std::vector<jail::VisiblePath> open_named_paths(const std::vector<std::string>& environment,
                                                const std::vector<std::string>& roots) {
  std::vector<jail::VisiblePath> visible;
  for (std::string& path : named_paths(environment)) {
    if (!path.starts_with('/') || !is_below_a_root(path, roots)) continue;
    UniqueFd fd{::open(path.c_str(), O_PATH | O_CLOEXEC)};
    if (!fd) continue;
    if (visible.size() == k_most_named_paths) {
      throw Error(fmt::format("the request's environment names more than {} paths", k_most_named_paths));
    }
    visible.push_back({std::move(path), std::move(fd)});
  }
  return visible;
}

std::vector<jail::VisiblePath> open_directories_of(const std::string& program) {
  std::vector<jail::VisiblePath> visible;
  for (const std::string& path : {program, resolve(program)}) {
    if (path.starts_with('/')) show_directory(visible, directory_of(path));
  }
  return visible;
}

void show_directory(std::vector<jail::VisiblePath>& visible, const std::string& directory) {
  const bool is_there = std::any_of(visible.begin(), visible.end(),
                                    [&](const jail::VisiblePath& shown) { return shown.path == directory; });
  if (directory.empty() || is_there) return;
  UniqueFd fd{::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  if (fd) visible.push_back({directory, std::move(fd)});
}

std::vector<std::string> names_in(const std::string& directory) {
  UniqueFd fd{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return fd ? list_directory(fd.get()) : std::vector<std::string>{};
}

void cover(const std::string& shown, const std::vector<std::string>& hidden, std::vector<jail::VisiblePath>& visible) {
  const std::string top = with_slash(resolve(shown));
  for (const std::string& each : hidden) {
    const std::string real = resolve(each);
    if (!real.starts_with(top) || !UniqueFd{::open(real.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)}) continue;
    visible.push_back({with_slash(shown) + real.substr(top.size()), {}});
  }
}

UniqueFd open_named_file(const std::string& path, const std::vector<std::string>& roots) {
  if (!is_below_a_root(path, roots)) {
    errno = EACCES;
    return {};
  }
  UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  if (file && !S_ISREG(stat_fd(file.get(), path).st_mode)) {
    errno = EINVAL;
    return {};
  }
  return file;
}

}  // namespace ejf::compile
