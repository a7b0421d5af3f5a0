// SPDX-License-Identifier: Apache-2.0
#include "jail/process_tree.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

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

std::chrono::microseconds cpu_of(const std::string& stat) {
  // Behind the name, which may hold anything: state, then numbers; utime is field 14 of proc(5), state field 3.
  std::size_t end_of_name = stat.rfind(')');
  if (end_of_name == std::string::npos || end_of_name + 4 > stat.size()) return {};
  std::vector<std::uint64_t> fields = numbers_of(stat.c_str() + end_of_name + 3);
  constexpr std::size_t k_utime = 14 - 4;
  if (fields.size() < k_utime + 4) return {};
  std::uint64_t ticks = 0;
  for (std::size_t i = 0; i < 4; ++i) ticks += fields[k_utime + i];  // utime stime cutime cstime
  static const auto k_ticks = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  return std::chrono::microseconds(ticks * 1'000'000 / k_ticks);
}

}  // namespace

std::vector<pid_t> children_of(pid_t pid) {
  std::string name = "task/" + std::to_string(pid) + "/children";
  std::vector<pid_t> children;
  for (std::uint64_t child : numbers_of(read_proc(pid, name.c_str()).c_str())) {
    children.push_back(static_cast<pid_t>(child));
  }
  return children;
}

TreeUsage usage_of_tree(pid_t root) {
  static const auto k_page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  TreeUsage usage;
  std::vector<pid_t> pending{root};
  while (!pending.empty()) {
    pid_t pid = pending.back();
    pending.pop_back();
    usage.cpu += cpu_of(read_proc(pid, "stat"));
    std::vector<std::uint64_t> pages = numbers_of(read_proc(pid, "statm").c_str());  // size resident shared ...
    if (pages.size() > 2 && pages[1] > pages[2]) usage.memory += (pages[1] - pages[2]) * k_page;
    for (pid_t child : children_of(pid)) pending.push_back(child);
  }
  return usage;
}

}  // namespace ejf::jail
