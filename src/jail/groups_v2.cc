// SPDX-License-Identifier: Apache-2.0
// Version 2: one hierarchy. A group that gives controllers to the groups below holds no process itself (but for the
// root of the hierarchy), so the server and the broker move to a leaf beside ours:
//
//   own group, delegated ---- supervisor: server, broker, zygotes
//                        \--- NAME ---- slot0: the job with its init, put there by clone3
//                                  \--- slot1 ...
//
// A slot's group is made anew after each job: with it go the counters, and what was charged for results that somebody
// still reads. The kernel adds these to NAME until they are gone.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "jail/control_groups.h"
#include "jail/group_files.h"

namespace ejf::jail {

namespace {

constexpr const char* k_subtree = "cgroup.subtree_control";
constexpr const char* k_needed = "+memory +pids";

class GroupsV2 : public ControlGroups {
 public:
  GroupsV2(const std::string& parent, const std::string& name, unsigned slots)
      : groups_(parent, name, slots), kills_(slots), cpu_before_(slots) {
    write_at(groups_.top(), k_subtree, k_needed);
    has_cpu_ = try_write_at(groups_.top(), k_subtree, "+cpu");  // each slot has the same weight then
    try_write_at(groups_.top(), "memory.max", std::to_string(memory_for_jobs(memory_of_machine())));
    groups_.make_slots();
    for (unsigned slot = 0; slot < slots; ++slot) prepare(slot);
  }

  std::string describe() const override { return has_cpu_ ? "v2 (memory, pids, cpu)" : "v2 (memory, pids)"; }
  bool limits_memory() const override { return true; }
  bool limits_processes() const override { return true; }
  int clone_into(unsigned slot) const override { return groups_.slot(slot); }

  void begin(unsigned slot, const Limits& limits) override {
    auto text = [](std::uint64_t limit) { return limit == 0 ? std::string{"max"} : std::to_string(limit); };
    write_at(groups_.slot(slot), "memory.max", text(limits.memory));
    const std::uint64_t with_init = std::uint64_t{limits.processes} + 1;
    write_at(groups_.slot(slot), "pids.max", text(limits.processes == 0 ? 0 : with_init));
    if (limits.cpu_time.count() != 0) cpu_before_[slot] = total_cpu(slot);
  }

  std::chrono::microseconds cpu_time(unsigned slot) const override { return total_cpu(slot) - cpu_before_[slot]; }

  Usage end(unsigned slot) override {
    const std::uint64_t now = keyed(read_at(groups_.slot(slot), "memory.events"), "oom_kill");
    Usage usage;
    usage.out_of_memory = now > std::exchange(kills_[slot], now);
    if (auto peak = try_open_at(groups_.slot(slot), "memory.peak", O_RDONLY)) {  // since Linux 5.19
      constexpr std::size_t k_number = 64;
      usage.peak_memory = std::strtoull(read_all(peak->get(), k_number, "memory.peak").c_str(), nullptr, 10);
    }
    return usage;
  }

  /// One that stays, because something is still in it, goes on counting; only the next peak is reported too high.
  void refresh(unsigned slot) override {
    if (groups_.renew(slot)) prepare(slot);
  }

 private:
  std::chrono::microseconds total_cpu(unsigned slot) const {
    return std::chrono::microseconds(keyed(read_at(groups_.slot(slot), "cpu.stat"), "usage_usec"));
  }

  void prepare(unsigned slot) {
    kills_[slot] = 0;
    try_write_at(groups_.slot(slot), "memory.swap.max", "0");  // a kernel without swap has none
    // All of the job, init too: a driver that goes on when its compiler was killed takes time and proves nothing.
    write_at(groups_.slot(slot), "memory.oom.group", "1");
  }

  SlotGroups groups_;
  std::vector<std::uint64_t> kills_;
  std::vector<std::chrono::microseconds> cpu_before_;
  bool has_cpu_ = false;
};

/// Until it is empty: who is in it may fork meanwhile.
void move_processes(int group) {
  constexpr int k_rounds = 10;
  make_directory_at(group, k_supervisor, 0755);
  const std::string procs = std::string{k_supervisor} + "/cgroup.procs";
  for (int round = 0; round < k_rounds; ++round) {
    const std::vector<std::string> pids = words_of(read_at(group, "cgroup.procs"), "\n");
    if (pids.empty()) return;
    for (const std::string& pid : pids) try_write_at(group, procs.c_str(), pid);
  }
}

/// Only a group that may not have both processes and groups with controllers says that it is busy; the root of the
/// hierarchy, where everybody is, may.
void delegate(const std::string& path) {
  UniqueFd group = open_directory(path);
  bool given = try_write_at(group.get(), k_subtree, k_needed);
  if (!given && errno == EBUSY) {
    move_processes(group.get());
    given = try_write_at(group.get(), k_subtree, k_needed);
    if (!given && errno == EBUSY) throw Error(path + ": processes that cannot be moved away are in it");
  }
  if (!given) throw SysError("give memory and pids to the groups below", path);
  try_write_at(group.get(), k_subtree, "+cpu");
}

}  // namespace

std::unique_ptr<ControlGroups> make_groups_v2(const std::string& parent, const std::string& name, unsigned slots) {
  delegate(parent);
  return std::make_unique<GroupsV2>(parent, name, slots);
}

}  // namespace ejf::jail
