// SPDX-License-Identifier: Apache-2.0
#include "lang/path_completion.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/files.h"

namespace ejf::lang {

namespace {

std::vector<std::string> names_in(const std::string& directory) {
  try {
    return list_directory(open_directory(directory).get());
  } catch (const SysError&) {
    // What cannot be looked into has nothing to offer.
    return {};
  }
}

std::string common_beginning(const std::string& a, const std::string& b) {
  auto [end, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return {a.begin(), end};
}

bool is_directory(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

}  // namespace

std::string complete_path(const std::string& path) {
  auto slash = path.rfind('/');
  if (!path.starts_with('/')) return path;
  const std::string directory = path.substr(0, slash + 1);
  const std::string beginning = path.substr(slash + 1);
  std::optional<std::string> longest;
  for (const auto& name : names_in(directory)) {
    if (!name.starts_with(beginning) || (beginning.empty() && name.starts_with('.'))) continue;
    longest = longest ? common_beginning(*longest, name) : name;
  }
  if (!longest) return path;
  std::string completed = directory + *longest;
  // Only when nothing else begins so: "/opt/jdk" may be a directory beside "/opt/jdk-21".
  auto names = names_in(directory);
  auto count = std::count_if(names.begin(), names.end(), [&](const auto& name) { return name.starts_with(*longest); });
  if (count == 1 && is_directory(completed)) completed += '/';
  return completed;
}

}  // namespace ejf::lang
