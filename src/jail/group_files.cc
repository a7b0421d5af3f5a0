// SPDX-License-Identifier: Apache-2.0
#include "jail/group_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/files.h"

namespace ejf::jail {

namespace {

constexpr std::size_t k_max_file = std::size_t{1} << 20;

/// Kills what an instance that died left in a group, and removes it with the groups below.
void sweep(int parent, const std::string& name) {
  auto group = try_open_at(parent, name, O_RDONLY | O_DIRECTORY);
  if (!group) return;
  for (const std::string& entry : list_directory(group->get())) {
    auto st = try_stat_at(group->get(), entry);
    if (st && S_ISDIR(st->st_mode)) sweep(group->get(), entry);
  }
  constexpr int k_attempts = 200;
  constexpr std::chrono::milliseconds k_pause{5};
  for (int attempt = 0; attempt < k_attempts; ++attempt) {
    if (::unlinkat(parent, name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) return;
    if (!try_write_at(group->get(), "cgroup.kill", "1")) {
      for (const std::string& pid : words_of(read_at(group->get(), "cgroup.procs"), "\n")) {
        const auto one = static_cast<pid_t>(std::strtol(pid.c_str(), nullptr, 10));
        if (one > 0) ::kill(one, SIGKILL);  // 0 is one of another pid namespace, and to kill() our own group
      }
    }
    std::this_thread::sleep_for(k_pause);
  }
}

std::string slot_name(unsigned n) {
  return "slot" + std::to_string(n);
}

}  // namespace

std::string read_at(int group, const char* name) {
  UniqueFd fd = open_at(group, name, O_RDONLY);
  return read_all(fd.get(), k_max_file, name);
}

void write_at(int group, const char* name, const std::string& value) {
  UniqueFd fd = open_at(group, name, O_WRONLY);
  write_all(fd.get(), value, name);
}

bool try_write_at(int group, const char* name, const std::string& value) {
  UniqueFd fd{::openat(group, name, O_WRONLY | O_CLOEXEC)};
  if (!fd) return false;
  const bool written = ::write(fd.get(), value.data(), value.size()) == static_cast<ssize_t>(value.size());
  const int error = errno;
  fd.reset();
  errno = error;
  return written;
}

std::string read_again(int fd, const char* name) {
  std::array<char, 256> text{};
  const ssize_t n = ::pread(fd, text.data(), text.size(), 0);
  if (n < 0) throw SysError("read", name);
  return {text.data(), static_cast<std::size_t>(n)};
}

std::vector<std::string> words_of(std::string_view text, std::string_view separators) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
    if (end > at) words.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

std::uint64_t keyed(const std::string& text, std::string_view key) {
  for (const std::string& line : words_of(text, "\n")) {
    if (line.starts_with(key) && line.size() > key.size() && line[key.size()] == ' ') {
      return std::strtoull(line.c_str() + key.size() + 1, nullptr, 10);
    }
  }
  return 0;
}

std::map<std::string, std::string> mount_points(const std::string& mountinfo) {
  constexpr std::size_t k_place = 4;    // of the words before " - ", the directory
  constexpr std::size_t k_options = 2;  // of those behind it
  std::map<std::string, std::string> points;
  for (const std::string& line : words_of(mountinfo, "\n")) {
    const std::size_t dash = line.find(" - ");
    if (dash == std::string::npos) continue;
    const std::vector<std::string> place = words_of(std::string_view{line}.substr(0, dash), " ");
    const std::vector<std::string> kind = words_of(std::string_view{line}.substr(dash + 3), " ");
    if (place.size() <= k_place || kind.size() <= k_options) continue;
    if (kind[0] == "cgroup2") points.emplace("", place[k_place]);
    if (kind[0] != "cgroup") continue;
    for (const std::string& option : words_of(kind[k_options], ",")) points.emplace(option, place[k_place]);
  }
  return points;
}

std::string v2_group(const std::string& cgroup) {
  for (const std::string& line : words_of(cgroup, "\n")) {
    if (line.starts_with("0::")) return line.substr(3);
  }
  return "/";
}

std::uint64_t memory_for_jobs(std::uint64_t total) {
  constexpr std::uint64_t k_part = 8;
  constexpr std::uint64_t k_most = std::uint64_t{2} << 30;
  return total - std::min(total / k_part, k_most);
}

std::uint64_t memory_of_machine() {
  struct sysinfo info {};
  if (::sysinfo(&info) != 0) throw SysError("sysinfo", "the machine's memory");
  return std::uint64_t{info.totalram} * info.mem_unit;
}

SlotGroups::SlotGroups(const std::string& parent, std::string name, unsigned slots)
    : parent_(open_directory(parent)), name_(std::move(name)) {
  sweep(parent_.get(), name_);
  make_directory_at(parent_.get(), name_, 0755);
  top_ = open_directory_at(parent_.get(), name_);
  slots_.resize(slots);
}

SlotGroups::~SlotGroups() {
  if (!top_) return;
  try {
    if (is_ours()) sweep(parent_.get(), name_);
  } catch (const Error&) {
    // The next start sweeps again.
  }
}

void SlotGroups::make_slots() {
  for (unsigned slot = 0; slot < slots_.size(); ++slot) make(slot);
}

bool SlotGroups::renew(unsigned n) {
  // None is there when the last one could not be made.
  if (::unlinkat(top_.get(), slot_name(n).c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT) return false;
  make(n);
  return true;
}

/// Not so when our server was killed and the next one, which starts before we have ended, swept the group and made its
/// own under the same name.
bool SlotGroups::is_ours() const {
  auto named = try_stat_at(parent_.get(), name_);
  return named && named->st_ino == stat_fd(top_.get(), name_).st_ino;
}

void SlotGroups::make(unsigned n) {
  make_directory_at(top_.get(), slot_name(n), 0755);
  slots_[n] = open_directory_at(top_.get(), slot_name(n));
}

}  // namespace ejf::jail
