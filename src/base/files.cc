// SPDX-License-Identifier: Apache-2.0
#include "base/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "base/error.h"

namespace ejf {

namespace {

struct DirCloser {
  void operator()(DIR* dir) const noexcept { ::closedir(dir); }
};

/// One step of a copy through user space, for file systems that cannot do better.
std::uint64_t copy_by_read(int from, int to, std::string_view what) {
  std::array<char, 65536> buffer;
  std::uint64_t total = 0;
  for (;;) {
    ssize_t n = ::read(from, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw SysError("read", what);
    if (n == 0) return total;
    write_all(to, {buffer.data(), static_cast<std::size_t>(n)}, what);
    total += static_cast<std::uint64_t>(n);
  }
}

}  // namespace

UniqueFd open_at(int dir, const std::string& name, int flags, mode_t mode) {
  UniqueFd fd{::openat(dir, name.c_str(), flags | O_CLOEXEC, mode)};
  if (!fd) throw SysError("open", name);
  return fd;
}

std::optional<UniqueFd> try_open_at(int dir, const std::string& name, int flags) {
  UniqueFd fd{::openat(dir, name.c_str(), flags | O_CLOEXEC)};
  if (fd) return fd;
  if (errno == ENOENT) return {};
  throw SysError("open", name);
}

UniqueFd open_directory(const std::string& path) {
  return open_directory_at(AT_FDCWD, path);
}

UniqueFd open_directory_at(int dir, const std::string& name) {
  return open_at(dir, name, O_RDONLY | O_DIRECTORY);
}

bool make_directory(const std::string& path, mode_t mode) {
  return make_directory_at(AT_FDCWD, path, mode);
}

bool make_directory_at(int dir, const std::string& name, mode_t mode) {
  if (::mkdirat(dir, name.c_str(), 0700) != 0) {
    if (errno == EEXIST) return false;
    throw SysError("make directory", name);
  }
  // chmod after mkdir instead of umask(0): the umask belongs to the whole process. A set-group-ID bit that the new
  // directory inherited from its parent is kept, as mkdir keeps it.
  auto made = try_stat_at(dir, name);
  mode_t inherited = made ? made->st_mode & S_ISGID : 0;
  if (::fchmodat(dir, name.c_str(), mode | inherited, 0) != 0) throw SysError("chmod", name);
  return true;
}

void make_directories(const std::string& path, mode_t mode) {
  for (std::size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) {
    const std::string above = path.substr(0, end);
    if (!try_stat_at(AT_FDCWD, above)) make_directory(above, mode);
  }
  make_directory(path, mode);
}

std::string read_all(int fd, std::size_t limit, std::string_view what) {
  std::string data;
  struct stat info = stat_fd(fd, what);
  if (info.st_size > 0 && static_cast<std::size_t>(info.st_size) > limit) {
    throw Error(std::string{what} + ": larger than " + std::to_string(limit) + " bytes");
  }
  // At least a page: files of /proc have size 0, and those of /proc/sys give their text to the first read only.
  data.resize(std::max<std::size_t>(static_cast<std::size_t>(info.st_size) + 1, 4096));
  std::size_t used = 0;
  for (;;) {
    if (used == data.size()) data.resize(data.size() * 2);
    ssize_t n = ::read(fd, data.data() + used, data.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw SysError("read", what);
    if (n == 0) break;
    used += static_cast<std::size_t>(n);
    if (used > limit) throw Error(std::string{what} + ": larger than " + std::to_string(limit) + " bytes");
  }
  data.resize(used);
  return data;
}

std::string read_file(const std::string& path, std::size_t limit) {
  return read_all(open_at(AT_FDCWD, path, O_RDONLY).get(), limit, path);
}

std::optional<std::string> try_read_regular_at(int dir, const std::string& name, std::size_t limit) {
  auto fd = try_open_at(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (!fd) return {};
  if (!S_ISREG(stat_fd(fd->get(), name).st_mode)) throw Error(name + ": not a regular file");
  return read_all(fd->get(), limit, name);
}

void write_all(int fd, std::string_view data, std::string_view what) {
  while (!data.empty()) {
    ssize_t n = ::write(fd, data.data(), data.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw SysError("write", what);
    data.remove_prefix(static_cast<std::size_t>(n));
  }
}

void write_file_at(int dir, const std::string& name, std::string_view data, mode_t mode) {
  UniqueFd fd = open_at(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
  if (::fchmod(fd.get(), mode) != 0) throw SysError("chmod", name);
  write_all(fd.get(), data, name);
}

std::uint64_t copy_all(int from, int to, std::string_view what) {
  std::uint64_t total = 0;
  for (;;) {
    ssize_t n = ::copy_file_range(from, nullptr, to, nullptr, std::size_t{1} << 30, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n > 0) {
      total += static_cast<std::uint64_t>(n);
      continue;
    }
    // End of file, or two file systems that cannot share: the plain loop decides (some report 0 for special files).
    if (n < 0 && errno != EXDEV && errno != EINVAL && errno != EOPNOTSUPP && errno != ENOSYS) {
      throw SysError("copy", what);
    }
    return total + copy_by_read(from, to, what);
  }
}

UniqueFd make_memory_file(const char* name, std::string_view data) {
  UniqueFd fd{::memfd_create(name, MFD_CLOEXEC)};
  if (!fd) throw SysError("memfd_create", name);
  write_all(fd.get(), data, name);
  if (::lseek(fd.get(), 0, SEEK_SET) < 0) throw SysError("seek", name);
  return fd;
}

void rename_at(int from_dir, const std::string& from, int to_dir, const std::string& to) {
  if (::renameat(from_dir, from.c_str(), to_dir, to.c_str()) != 0) throw SysError("rename", from + " to " + to);
}

bool try_rename_at(int from_dir, const std::string& from, int to_dir, const std::string& to) {
  if (::renameat(from_dir, from.c_str(), to_dir, to.c_str()) == 0) return true;
  if (errno == ENOENT) return false;
  throw SysError("rename", from + " to " + to);
}

bool try_unlink_at(int dir, const std::string& name) {
  if (::unlinkat(dir, name.c_str(), 0) == 0) return true;
  if (errno == ENOENT) return false;
  throw SysError("unlink", name);
}

std::vector<std::string> list_directory(int dir) {
  // A descriptor of its own: fdopendir takes it over, and the position of a shared one would be shared too.
  UniqueFd own = open_directory_at(dir, ".");
  std::unique_ptr<DIR, DirCloser> stream{::fdopendir(own.get())};
  if (!stream) throw SysError("open", "a directory");
  own.release();
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(stream.get())) {
    std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) throw SysError("read", "a directory");
  return names;
}

struct stat stat_fd(int fd, std::string_view what) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) throw SysError("stat", what);
  return info;
}

std::optional<struct stat> try_stat_at(int dir, const std::string& name) {
  struct stat info {};
  if (::fstatat(dir, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) return info;
  if (errno == ENOENT) return {};
  throw SysError("stat", name);
}

}  // namespace ejf
