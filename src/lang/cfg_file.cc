// SPDX-License-Identifier: Apache-2.0
#include "lang/cfg_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/files.h"

namespace ejf::lang {

namespace {

constexpr std::size_t k_max_size = std::size_t{64} << 20;
constexpr mode_t k_new_mode = 0664;
constexpr int k_max_backups_of_a_second = 1000;

std::string directory_of(const std::string& path) {
  auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string name_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// Who is not permitted to give the file away gives at least the group; who may not do that either keeps it.
void give_to(int fd, const struct stat& owner) {
  if (::fchown(fd, owner.st_uid, owner.st_gid) == 0) return;
  if (::fchown(fd, static_cast<uid_t>(-1), owner.st_gid) == 0) return;
  if (errno != EPERM) throw SysError("chown", "the new file");
}

std::string local_stamp(time_t time) {
  struct tm local {};
  if (::localtime_r(&time, &local) == nullptr) throw SysError("localtime", "of a file");
  std::array<char, 32> buffer{};
  return {buffer.data(), std::strftime(buffer.data(), buffer.size(), "%Y%m%d%H%M%S", &local)};
}

}  // namespace

void write_file_like(int directory, const std::string& name, std::string_view text, const struct stat& owner,
                     mode_t mode) {
  AtomicFile file(directory, name, mode);
  give_to(file.fd(), owner);
  // Again: chown takes set-ID bits away.
  if (::fchmod(file.fd(), mode) != 0) throw SysError("chmod", name);
  file.write(text);
  file.sync();
  file.commit();
}

CfgFile::CfgFile(std::string path, UniqueFd directory, std::string name)
    : path_(std::move(path)), directory_(std::move(directory)), name_(std::move(name)) {
  auto found = try_stat_at(directory_.get(), name_);
  if (found && S_ISLNK(found->st_mode)) throw Error(path_ + ": is a symbolic link; replace it by the file itself");
  if (found && !S_ISREG(found->st_mode)) throw Error(path_ + ": is not a regular file");
  UniqueFd fd = open_at(directory_.get(), name_, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  info_ = stat_fd(fd.get(), path_);
  text_ = read_all(fd.get(), k_max_size, path_);
}

std::optional<CfgFile> CfgFile::open(const std::string& path) {
  auto directory = try_open_at(AT_FDCWD, directory_of(path), O_RDONLY | O_DIRECTORY);
  if (!directory || !try_stat_at(directory->get(), name_of(path))) return {};
  return CfgFile(path, std::move(*directory), name_of(path));
}

void CfgFile::create(const std::string& path, const std::string& text) {
  UniqueFd directory = open_directory(directory_of(path));
  write_file_like(directory.get(), name_of(path), text, stat_fd(directory.get(), path), k_new_mode);
}

void CfgFile::replace(const std::string& text) {
  check_unchanged();
  keep_backup();
  write_file_like(directory_.get(), name_, text, info_, info_.st_mode & 07777);
}

void CfgFile::check_unchanged() const {
  auto now = try_stat_at(directory_.get(), name_);
  if (!now || now->st_dev != info_.st_dev || now->st_ino != info_.st_ino || now->st_size != info_.st_size ||
      now->st_mtim.tv_sec != info_.st_mtim.tv_sec || now->st_mtim.tv_nsec != info_.st_mtim.tv_nsec) {
    throw Error(path_ + ": somebody has changed the file meanwhile; start again");
  }
}

void CfgFile::keep_backup() const {
  std::string stamped = name_ + "." + local_stamp(info_.st_mtime);
  std::string backup = stamped;
  for (int serial = 1; ::linkat(directory_.get(), name_.c_str(), directory_.get(), backup.c_str(), 0) != 0; ++serial) {
    if (errno == EEXIST && serial < k_max_backups_of_a_second) {
      backup = stamped + "." + std::to_string(serial);
      continue;
    }
    // No hard links here, or not to a file of somebody else: a copy does it as well.
    if (errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK) throw SysError("link", path_ + " to " + backup);
    write_file_like(directory_.get(), backup, text_, info_, info_.st_mode & 07777);
    return;
  }
}

}  // namespace ejf::lang
