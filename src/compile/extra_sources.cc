// SPDX-License-Identifier: Apache-2.0
#include "compile/extra_sources.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"

namespace ejf::compile {

namespace {

constexpr mode_t k_permissions = 0777;
constexpr mode_t k_owner_may_work = 0700;
constexpr int k_no_surprise = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;  // whatever the name has become meanwhile

std::string target_of(int directory, const std::string& name, const std::string& path) {
  std::array<char, PATH_MAX> target;
  const ssize_t length = ::readlinkat(directory, name.c_str(), target.data(), target.size());
  if (length < 0) throw SysError("read link", path);
  return {target.data(), static_cast<std::size_t>(length)};
}

}  // namespace

ExtraSources::ExtraSources(const std::string& directory, const ExtraSourcesLimits& limits)
    : limits_(limits), directory_(directory), top_(open_directory(directory)) {
  walk(top_.get(), "", 0);
}

void ExtraSources::walk(int directory, const std::string& prefix, unsigned depth) {
  if (depth > limits_.depth) {
    throw Error(fmt::format("{}/{}: more than {} directories below each other", directory_, prefix, limits_.depth));
  }
  std::vector<std::string> names = list_directory(directory);
  std::sort(names.begin(), names.end());
  const std::string above = prefix.empty() ? prefix : prefix + "/";
  for (const std::string& name : names) add(directory, name, above + name, depth);
}

void ExtraSources::add(int directory, const std::string& name, const std::string& path, unsigned depth) {
  const std::string full = directory_ + "/" + path;
  const auto found = try_stat_at(directory, name);
  if (!found) throw Error(full + ": went away while it was read");
  Entry entry{Kind::file, path, {}, found->st_mode & k_permissions, found->st_dev, found->st_ino};
  if (S_ISLNK(found->st_mode)) {
    entry.kind = Kind::link;
    entry.target = target_of(directory, name, full);
  } else if (S_ISDIR(found->st_mode)) {
    entry.kind = Kind::directory;
  } else if (!S_ISREG(found->st_mode)) {
    return;
  }
  if (path.size() >= PATH_MAX) throw Error(full + ": the name is too long");
  if (entries_.size() == limits_.entries) {
    throw Error(fmt::format("{}: more than {} files and directories", directory_, limits_.entries));
  }
  if (entry.kind == Kind::file) {
    bytes_ += static_cast<std::uint64_t>(found->st_size);
    if (bytes_ > limits_.bytes) {
      throw Error(fmt::format("{}: more than the {} that a job may have", directory_, human_size(limits_.bytes)));
    }
  }
  const bool is_directory = entry.kind == Kind::directory;
  entries_.push_back(std::move(entry));
  if (!is_directory) return;
  UniqueFd below{::openat(directory, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
  if (!below) throw SysError("open", full);
  walk(below.get(), path, depth + 1);
}

UniqueFd ExtraSources::open_file(const Entry& entry) const {
  const std::string full = directory_ + "/" + entry.name;
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | k_no_surprise;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  UniqueFd file;
  do {  // EAGAIN: something was renamed meanwhile, so that the kernel does not know whether it is beneath
    file.reset(static_cast<int>(::syscall(SYS_openat2, top_.get(), entry.name.c_str(), &how, sizeof how)));
  } while (!file && (errno == EAGAIN || errno == EINTR));
  if (!file) throw SysError("open", full);
  const struct stat now = stat_fd(file.get(), full);
  if (!S_ISREG(now.st_mode) || now.st_dev != entry.device || now.st_ino != entry.inode) {
    throw Error(full + ": was replaced while it was read");
  }
  return file;
}

void ExtraSources::put_into(jail::Jail& jail, jail::Box& box, const std::string& prefix) const {
  const std::string above = prefix.empty() ? prefix : prefix + "/";
  for (const Entry& entry : entries_) {
    const std::string name = above + entry.name;
    switch (entry.kind) {
      case Kind::file:
        jail.put_file(box, name, open_file(entry), entry.mode, jail::FileTime::of_content);
        break;
      case Kind::directory:
        jail.put_directory(box, name, entry.mode | k_owner_may_work);
        break;
      case Kind::link:
        jail.put_symlink(box, name, entry.target);
        break;
    }
  }
}

}  // namespace ejf::compile
