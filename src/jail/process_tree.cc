// SPDX-License-Identifier: Apache-2.0
#include "jail/process_tree.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/unique_fd.h"

namespace ejf::jail {

namespace {

/// Empty when the process has gone. /proc gives such a file in one read.
std::string read_proc(pid_t pid, const char* name) {
  std::string path = "/proc/" + std::to_string(pid) + "/" + name;
  UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!fd) return {};
  std::string text;
  std::array<char, 4096> buffer;
  for (ssize_t n = 0; (n = ::read(fd.get(), buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return text;
}

std::vector<std::uint64_t> numbers_of(const char* text) {
  std::vector<std::uint64_t> numbers;
  char* end = nullptr;
  for (;;) {
    std::uint64_t value = std::strtoull(text, &end, 10);
    if (end == text) return numbers;
    numbers.push_back(value);
    text = end;
  }
}

struct Stat {
  std::chrono::microseconds cpu{0};
  std::uint64_t threads = 0;
};

Stat parse_stat(const std::string& stat) {
  // Behind the name, which may hold anything: state, then numbers. The numbers are those of proc(5); state is 3.
  constexpr std::size_t k_first = 4;
  constexpr std::size_t k_utime = 14 - k_first;
  constexpr std::size_t k_threads = 20 - k_first;
  std::size_t end_of_name = stat.rfind(')');
  if (end_of_name == std::string::npos || end_of_name + 4 > stat.size()) return {};
  std::vector<std::uint64_t> fields = numbers_of(stat.c_str() + end_of_name + 3);
  if (fields.size() <= k_threads) return {};
  std::uint64_t ticks = 0;
  for (std::size_t i = 0; i < 4; ++i) ticks += fields[k_utime + i];  // utime stime cutime cstime
  static const auto k_ticks = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  return {std::chrono::microseconds(ticks * 1'000'000 / k_ticks), fields[k_threads]};
}

/// The sum of fields like "RssShmem:   12 kB", in bytes.
std::uint64_t sum_of(const std::string& text, std::initializer_list<const char*> names) {
  std::uint64_t kib = 0;
  for (const char* name : names) {
    std::size_t at = text.find(name);
    if (at != std::string::npos) kib += std::strtoull(text.c_str() + at + std::strlen(name), nullptr, 10);
  }
  return kib << 10;
}

void add_children(pid_t pid, const std::string& thread, std::vector<pid_t>& children) {
  const std::string name = "task/" + thread + "/children";
  for (std::uint64_t child : numbers_of(read_proc(pid, name.c_str()).c_str())) {
    children.push_back(static_cast<pid_t>(child));
  }
}

/// Each thread has the children that it forked.
void add_children_of_threads(pid_t pid, std::vector<pid_t>& children) {
  auto threads = try_open_at(AT_FDCWD, "/proc/" + std::to_string(pid) + "/task", O_RDONLY | O_DIRECTORY);
  if (!threads) return;
  try {
    for (const std::string& thread : list_directory(threads->get())) add_children(pid, thread, children);
  } catch (const SysError&) {
    return;  // it has just ended
  }
}

template <typename Visit>
void walk_tree(pid_t root, Visit visit) {
  std::vector<pid_t> pending{root};
  while (!pending.empty()) {
    const pid_t pid = pending.back();
    pending.pop_back();
    const Stat stat = parse_stat(read_proc(pid, "stat"));
    visit(pid, stat);
    if (stat.threads > 1) {
      add_children_of_threads(pid, pending);
    } else {
      add_children(pid, std::to_string(pid), pending);
    }
  }
}

}  // namespace

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  add_children(pid, std::to_string(pid), children);
  return children;
}

TreeUsage usage_of_tree(pid_t root) {
  TreeUsage usage;
  walk_tree(root, [&](pid_t pid, const Stat& stat) {
    usage.cpu += stat.cpu;
    // Memory that processes share (MAP_SHARED) comes from no file either, so it is in no quota.
    usage.memory += sum_of(read_proc(pid, "status"), {"RssAnon:", "RssShmem:"});
  });
  return usage;
}

std::uint64_t exact_memory_of_tree(pid_t root) {
  std::uint64_t bytes = 0;
  walk_tree(root, [&](pid_t pid, const Stat&) {
    bytes += sum_of(read_proc(pid, "smaps_rollup"), {"Pss_Anon:", "Pss_Shmem:"});
  });
  return bytes;
}

}  // namespace ejf::jail
