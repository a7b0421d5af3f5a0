// SPDX-License-Identifier: Apache-2.0
#include "jail/control_groups.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <map>
#include <optional>
#include <string_view>
#include <thread>

#include "base/error.h"
#include "base/files.h"

namespace ejf::jail {

namespace {

constexpr std::size_t k_max_file = std::size_t{1} << 20;
constexpr unsigned k_own_processes = 3;  // two zygotes of the slot and the job's init

std::string read_at(int dir, const char* name) {
  UniqueFd fd = open_at(dir, name, O_RDONLY);
  return read_all(fd.get(), k_max_file, name);
}

void write_at(int dir, const char* name, const std::string& value) {
  UniqueFd fd = open_at(dir, name, O_WRONLY);
  write_all(fd.get(), value, name);
}

bool try_write_at(int dir, const char* name, const std::string& value) {
  UniqueFd fd{::openat(dir, name, O_WRONLY | O_CLOEXEC)};
  return fd && ::write(fd.get(), value.data(), value.size()) == static_cast<ssize_t>(value.size());
}

/// The number behind `key` in a file of lines "key number"; 0 when it is not there.
std::uint64_t keyed(const std::string& text, std::string_view key) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line(text.data() + at, end - at);
    if (line.starts_with(key) && line.size() > key.size() && line[key.size()] == ' ') {
      return std::strtoull(text.c_str() + at + key.size() + 1, nullptr, 10);
    }
    at = end + 1;
  }
  return 0;
}

/// A short file that stays open, from its start.
std::string read_again(int fd, const char* name) {
  std::array<char, 256> text{};
  const ssize_t n = ::pread(fd, text.data(), text.size(), 0);
  if (n < 0) throw SysError("read", name);
  return {text.data(), static_cast<std::size_t>(n)};
}

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  std::string text = read_file(path, k_max_file);
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::vector<std::string> words_of(const std::string& line, char separator) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at <= line.size();) {
    std::size_t end = std::min(line.find(separator, at), line.size());
    if (end > at) words.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

/// Where hierarchies are mounted: "" is v2, else the v1 controller.
std::map<std::string, std::string> mount_points() {
  std::map<std::string, std::string> points;
  for (const std::string& line : lines_of("/proc/self/mountinfo")) {
    std::size_t dash = line.find(" - ");
    if (dash == std::string::npos) continue;
    std::vector<std::string> place = words_of(line.substr(0, dash), ' ');
    std::vector<std::string> kind = words_of(line.substr(dash + 3), ' ');
    if (place.size() < 5 || kind.size() < 3) continue;
    if (kind[0] == "cgroup2") points.emplace("", place[4]);
    if (kind[0] != "cgroup") continue;
    for (const std::string& option : words_of(kind[2], ',')) points.emplace(option, place[4]);
  }
  return points;
}

/// Our own group in the v2 hierarchy: "/" or "/a/b".
std::string own_v2_group() {
  for (const std::string& line : lines_of("/proc/self/cgroup")) {
    if (line.starts_with("0::")) return line.substr(3);
  }
  return "/";
}

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
      for (const std::string& pid : words_of(read_at(group->get(), "cgroup.procs"), '\n')) {
        ::kill(static_cast<pid_t>(std::strtol(pid.c_str(), nullptr, 10)), SIGKILL);
      }
    }
    std::this_thread::sleep_for(k_pause);
  }
}

/// A group of ours and one below it for each slot, in one hierarchy.
class SlotGroups {
 public:
  SlotGroups(const std::string& parent, std::string name, unsigned slots)
      : parent_(open_directory(parent)), name_(std::move(name)) {
    sweep(parent_.get(), name_);
    make_directory_at(parent_.get(), name_, 0755);
    top_ = open_directory_at(parent_.get(), name_);
    slots_.resize(slots);
  }
  ~SlotGroups() {
    if (!top_) return;
    try {
      sweep(parent_.get(), name_);
    } catch (const Error&) {
      // The next start sweeps again.
    }
  }
  SlotGroups(SlotGroups&&) = default;
  SlotGroups& operator=(SlotGroups&&) = delete;

  void make_slots() {
    for (unsigned slot = 0; slot < slots_.size(); ++slot) make(slot);
  }
  int top() const noexcept { return top_.get(); }
  int slot(unsigned n) const noexcept { return slots_[n].get(); }
  /// A fresh group in place of the old one, whose counters cannot be set back. It stays if something is still in it.
  void renew(unsigned n) {
    if (::unlinkat(top_.get(), slot_name(n).c_str(), AT_REMOVEDIR) == 0) make(n);
  }

 private:
  static std::string slot_name(unsigned n) { return "slot" + std::to_string(n); }
  void make(unsigned n) {
    make_directory_at(top_.get(), slot_name(n), 0755);
    slots_[n] = open_directory_at(top_.get(), slot_name(n));
  }

  UniqueFd parent_;
  std::string name_;
  UniqueFd top_;
  std::vector<UniqueFd> slots_;
};

class GroupsV1 : public ControlGroups {
 public:
  GroupsV1(const std::map<std::string, std::string>& points, const std::string& name, unsigned slots,
           bool boxes_in_memory)
      : memory_(points.at("memory"), name, slots),
        pids_(points.at("pids"), name, slots),
        state_(slots),
        boxes_in_memory_(boxes_in_memory) {
    memory_.make_slots();
    pids_.make_slots();
    for (unsigned slot = 0; slot < slots; ++slot) {
      state_[slot].oom_control = open_at(memory_.slot(slot), k_oom_control, O_RDONLY);
      state_[slot].peak = open_at(memory_.slot(slot), k_peak, O_RDWR);
      state_[slot].kills = kills(slot);
    }
    has_swap_limit_ = ::faccessat(memory_.slot(0), "memory.memsw.limit_in_bytes", W_OK, 0) == 0;
  }

  std::string describe() const override { return "v1 (memory, pids)"; }
  bool limits_memory() const override { return true; }
  bool limits_processes() const override { return true; }

  void join(unsigned slot) const override {
    write_at(memory_.slot(slot), "cgroup.procs", "0");
    write_at(pids_.slot(slot), "cgroup.procs", "0");
  }

  void begin(unsigned slot, const Limits& limits) override {
    State& state = state_[slot];
    set_memory(slot, limits.memory);
    std::string processes = limits.processes == 0 ? "max" : std::to_string(limits.processes + k_own_processes);
    if (processes != state.processes) write_at(pids_.slot(slot), "pids.max", processes);
    state.processes = processes;
  }

  Usage end(unsigned slot) override {
    const std::uint64_t before = std::exchange(state_[slot].kills, kills(slot));
    const std::string peak = read_again(state_[slot].peak.get(), k_peak);
    return {state_[slot].kills > before, std::strtoull(peak.c_str(), nullptr, 10)};
  }

  /// memory.force_empty would also throw the compilers' own pages out of the page cache; the limit reclaims as needed.
  /// A peak that cannot be reset is reported too high, no more.
  void refresh(unsigned slot) override { static_cast<void>(::pwrite(state_[slot].peak.get(), "0", 1, 0) == 1); }

 private:
  static constexpr const char* k_oom_control = "memory.oom_control";
  static constexpr const char* k_peak = "memory.max_usage_in_bytes";

  struct State {
    std::string memory;
    std::string processes;
    std::uint64_t kills = 0;
    UniqueFd oom_control;
    UniqueFd peak;
  };

  std::uint64_t kills(unsigned slot) const {
    return keyed(read_again(state_[slot].oom_control.get(), k_oom_control), "oom_kill");
  }

  /// Pages of earlier boxes whose results somebody still reads are charged to this group; they are not this job's.
  void set_memory(unsigned slot, std::uint64_t limit) {
    int group = memory_.slot(slot);
    std::string value = "-1";
    if (limit != 0) {
      value = std::to_string(limit + (boxes_in_memory_ ? keyed(read_at(group, "memory.stat"), "shmem") : 0));
    }
    if (value == state_[slot].memory) return;
    // memory.memsw.limit must never be below memory.limit: in one of the two orders the first write fails.
    bool raised = has_swap_limit_ && try_write_at(group, "memory.memsw.limit_in_bytes", value);
    write_at(group, "memory.limit_in_bytes", value);
    if (has_swap_limit_ && !raised) write_at(group, "memory.memsw.limit_in_bytes", value);
    state_[slot].memory = value;
  }

  SlotGroups memory_;
  SlotGroups pids_;
  std::vector<State> state_;
  bool boxes_in_memory_;
  bool has_swap_limit_ = false;
};

class GroupsV2 : public ControlGroups {
 public:
  GroupsV2(const std::string& parent, const std::string& name, unsigned slots) : groups_(parent, name, slots) {
    std::string given = read_at(groups_.top(), "cgroup.controllers");
    std::vector<std::string> words;
    for (const std::string& line : words_of(given, '\n')) words = words_of(line, ' ');
    auto enable = [&](const char* controller) {
      return std::find(words.begin(), words.end(), controller) != words.end() &&
             try_write_at(groups_.top(), "cgroup.subtree_control", std::string{"+"} + controller);
    };
    memory_ = enable("memory");
    pids_ = enable("pids");
    enable("cpu");
    groups_.make_slots();
  }

  std::string describe() const override { return memory_ && pids_ ? "v2" : "v2 (without memory or pids)"; }
  bool limits_memory() const override { return memory_; }
  bool limits_processes() const override { return pids_; }
  int clone_into(unsigned slot) const override { return groups_.slot(slot); }

  void begin(unsigned slot, const Limits& limits) override {
    int group = groups_.slot(slot);
    auto text = [](std::uint64_t limit) { return limit == 0 ? std::string{"max"} : std::to_string(limit); };
    if (memory_) {
      write_at(group, "memory.max", text(limits.memory));
      try_write_at(group, "memory.swap.max", "0");
      try_write_at(group, "memory.oom.group", "1");
    }
    if (pids_) write_at(group, "pids.max", text(limits.processes == 0 ? 0 : limits.processes + 1));
  }

  Usage end(unsigned slot) override {
    if (!memory_) return {};
    int group = groups_.slot(slot);
    Usage usage;
    usage.out_of_memory = keyed(read_at(group, "memory.events"), "oom_kill") > 0;
    if (auto peak = try_open_at(group, "memory.peak", O_RDONLY)) {  // since Linux 5.19
      usage.peak_memory = std::strtoull(read_all(peak->get(), k_max_file, "memory.peak").c_str(), nullptr, 10);
    }
    return usage;
  }

  void refresh(unsigned slot) override { groups_.renew(slot); }

 private:
  SlotGroups groups_;
  bool memory_ = false;
  bool pids_ = false;
};

/// A group can hand controllers to the groups below only when no process is in it: they move into a leaf.
bool delegate(const std::string& path) {
  UniqueFd group = open_directory(path);
  auto enable_all = [&] {
    bool memory = try_write_at(group.get(), "cgroup.subtree_control", "+memory");
    bool pids = try_write_at(group.get(), "cgroup.subtree_control", "+pids");
    try_write_at(group.get(), "cgroup.subtree_control", "+cpu");
    return memory && pids;
  };
  if (enable_all()) return true;
  make_directory_at(group.get(), "supervisor", 0755);
  for (const std::string& pid : words_of(read_at(group.get(), "cgroup.procs"), '\n')) {
    try_write_at(group.get(), "supervisor/cgroup.procs", pid);
  }
  return enable_all();
}

std::unique_ptr<ControlGroups> try_v2(const std::string& mount, const std::string& name, unsigned slots) {
  std::string own = own_v2_group();
  // A service has its own group (and Delegate=yes); root in a login session does not, and goes to the top instead.
  if (::geteuid() == 0 && !own.ends_with(".service")) own = "/";
  own.insert(0, mount);
  std::string controllers = read_file(own + "/cgroup.controllers", k_max_file);
  if (controllers.find("memory") == std::string::npos || ::access((own + "/cgroup.procs").c_str(), W_OK) != 0) {
    return nullptr;
  }
  if (!delegate(own)) return nullptr;
  return std::make_unique<GroupsV2>(own, name, slots);
}

}  // namespace

std::unique_ptr<ControlGroups> make_control_groups(const std::string& name, unsigned slots, bool boxes_in_memory,
                                                   std::vector<std::string>& warnings) {
  std::string reason = "the hierarchy is not ours to write: delegate a group (systemd: Delegate=yes) or start as root";
  try {
    auto points = mount_points();
    if (points.contains("")) {
      if (auto groups = try_v2(points.at(""), name, slots)) return groups;
    }
    // The v1 hierarchies have no delegation; groups at their top are found again by the next start from anywhere.
    if (points.contains("memory") && points.contains("pids") && ::access(points.at("memory").c_str(), W_OK) == 0) {
      return std::make_unique<GroupsV1>(points, name, slots, boxes_in_memory);
    }
  } catch (const Error& error) {
    reason = error.what();
  }
  warnings.push_back("no control group: memory and processes are limited by rlimits and a watchdog only (" + reason +
                     ")");
  return std::make_unique<ControlGroups>();
}

}  // namespace ejf::jail
