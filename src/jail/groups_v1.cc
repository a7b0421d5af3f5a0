// SPDX-License-Identifier: Apache-2.0
// Version 1: a hierarchy for each controller, all of them root's. A slot's zygotes join its groups once, and jobs are
// born there; so the groups stay, and what they have counted before a job is not the job's.
#include <fcntl.h>
#include <unistd.h>

#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "jail/control_groups.h"
#include "jail/group_files.h"

namespace ejf::jail {

namespace {

constexpr unsigned k_own_processes = 4;  // the zygotes of the slot, one for each kind of network, and the job's init
constexpr unsigned k_shares = 1024;      // of the processor: what a process outside of all groups has

class GroupsV1 : public ControlGroups {
 public:
  GroupsV1(const V1Hierarchies& at, const std::string& name, unsigned slots, bool boxes_in_memory)
      : state_(slots), boxes_in_memory_(boxes_in_memory) {
    for (const std::string& point : {at.memory, at.pids, at.cpu, at.cpuacct}) {
      if (!point.empty()) hierarchies_.try_emplace(point, point, name, slots);
    }
    memory_ = &hierarchies_.at(at.memory);
    pids_ = &hierarchies_.at(at.pids);
    // Before there are groups below. It is the only way since Linux 5.11, which refuses to hear of it.
    try_write_at(memory_->top(), "memory.use_hierarchy", "1");
    for (auto& [point, groups] : hierarchies_) groups.make_slots();
    share_machine(at, slots);
    for (unsigned slot = 0; slot < slots; ++slot) {
      state_[slot].oom_control = open_at(memory_->slot(slot), k_oom_control, O_RDONLY);
      state_[slot].peak = open_at(memory_->slot(slot), k_peak, O_RDWR);
      state_[slot].kills = kills(slot);
      if (at.cpuacct.empty()) continue;
      state_[slot].cpu = open_at(hierarchies_.at(at.cpuacct).slot(slot), k_cpu, O_RDONLY);
    }
    has_swap_limit_ = ::faccessat(memory_->slot(0), "memory.memsw.limit_in_bytes", W_OK, AT_EACCESS) == 0;
  }

  std::string describe() const override { return shares_processor_ ? "v1 (memory, pids, cpu)" : "v1 (memory, pids)"; }
  bool limits_memory() const override { return true; }
  bool limits_processes() const override { return true; }

  void join(unsigned slot) const override {
    for (const auto& [point, groups] : hierarchies_) write_at(groups.slot(slot), "cgroup.procs", "0");
  }

  void begin(unsigned slot, const Limits& limits) override {
    State& state = state_[slot];
    // Between two jobs an init is made under the last one's limit, next to what its box still holds. If that was too
    // much it is not this job's doing.
    state.kills = kills(slot);
    set_memory(slot, limits.memory);
    const std::uint64_t with_own = std::uint64_t{limits.processes} + k_own_processes;
    const std::string processes = limits.processes == 0 ? "max" : std::to_string(with_own);
    if (processes != state.processes) write_at(pids_->slot(slot), "pids.max", processes);
    state.processes = processes;
    if (limits.cpu_time.count() != 0) state.cpu_before = total_cpu(slot);
  }

  std::chrono::microseconds cpu_time(unsigned slot) const override { return total_cpu(slot) - state_[slot].cpu_before; }

  Usage end(unsigned slot) override {
    const std::uint64_t before = std::exchange(state_[slot].kills, kills(slot));
    const std::string peak = read_again(state_[slot].peak.get(), k_peak);
    return {state_[slot].kills > before, std::strtoull(peak.c_str(), nullptr, 10)};
  }

  /// memory.force_empty would also throw the compilers' own pages out of the page cache; the limit reclaims as needed.
  /// A peak that cannot be reset is reported too high, no more.
  void refresh(unsigned slot) override {
    constexpr std::uint64_t k_negligible = std::uint64_t{1} << 20;
    static_cast<void>(::pwrite(state_[slot].peak.get(), "0", 1, 0) == 1);
    // Between jobs it only becomes less.
    if (boxes_in_memory_) state_[slot].may_hold_boxes = held_by_boxes(slot) > k_negligible;
  }

 private:
  static constexpr const char* k_oom_control = "memory.oom_control";
  static constexpr const char* k_peak = "memory.max_usage_in_bytes";
  static constexpr const char* k_cpu = "cpuacct.usage";

  struct State {
    std::string memory;
    std::string processes;
    bool may_hold_boxes = true;  ///< earlier ones, whose results somebody still reads
    std::uint64_t kills = 0;
    UniqueFd oom_control;
    UniqueFd peak;
    UniqueFd cpu;  ///< none where the controller is not
    std::chrono::microseconds cpu_before{0};
  };

  /// A slot is worth what a process outside is worth, however many the job in it starts.
  void share_machine(const V1Hierarchies& at, unsigned slots) {
    const std::string memory = std::to_string(memory_for_jobs(memory_of_machine()));
    try_write_at(memory_->top(), "memory.limit_in_bytes", memory);
    if (at.cpu.empty()) return;
    shares_processor_ = try_write_at(hierarchies_.at(at.cpu).top(), "cpu.shares", std::to_string(k_shares * slots));
  }

  std::chrono::microseconds total_cpu(unsigned slot) const {
    if (!state_[slot].cpu) return {};
    const std::string ns = read_again(state_[slot].cpu.get(), k_cpu);
    return std::chrono::microseconds(std::strtoll(ns.c_str(), nullptr, 10) / 1000);
  }

  std::uint64_t kills(unsigned slot) const {
    return keyed(read_again(state_[slot].oom_control.get(), k_oom_control), "oom_kill");
  }

  std::uint64_t held_by_boxes(unsigned slot) const {
    return keyed(read_at(memory_->slot(slot), "memory.stat"), "shmem");
  }

  /// Pages of earlier boxes whose results somebody still reads are charged to this group; they are not this job's. To
  /// ask for them takes 0.04 ms.
  void set_memory(unsigned slot, std::uint64_t limit) {
    int group = memory_->slot(slot);
    const bool may_hold_boxes = std::exchange(state_[slot].may_hold_boxes, true) && boxes_in_memory_;
    std::string value = "-1";
    if (limit != 0) value = std::to_string(limit + (may_hold_boxes ? held_by_boxes(slot) : 0));
    if (value == state_[slot].memory) return;
    // memory.memsw.limit must never be below memory.limit: in one of the two orders the first write fails.
    bool raised = has_swap_limit_ && try_write_at(group, "memory.memsw.limit_in_bytes", value);
    write_at(group, "memory.limit_in_bytes", value);
    if (has_swap_limit_ && !raised) write_at(group, "memory.memsw.limit_in_bytes", value);
    state_[slot].memory = value;
  }

  std::map<std::string, SlotGroups> hierarchies_;  ///< by where they are mounted; controllers may be mounted together
  SlotGroups* memory_ = nullptr;
  SlotGroups* pids_ = nullptr;
  std::vector<State> state_;
  bool boxes_in_memory_;
  bool has_swap_limit_ = false;
  bool shares_processor_ = false;
};

}  // namespace

std::unique_ptr<ControlGroups> make_groups_v1(const V1Hierarchies& at, const std::string& name, unsigned slots,
                                              bool boxes_in_memory) {
  return std::make_unique<GroupsV1>(at, name, slots, boxes_in_memory);
}

}  // namespace ejf::jail
