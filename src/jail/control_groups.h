// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "jail/jail.h"

namespace ejf::jail {

/// Control groups of all slots; one job at a time in each. Made before anything is mounted, and used by directory
/// descriptors only. Writing a pid to cgroup.procs waits for an RCU grace period (6 to 19 ms on an idle machine), so
/// no job is ever moved: with v1 a zygote joins its slot's groups once and its jobs are born there, with v2 clone3 puts
/// each job into its group.
class ControlGroups {
 public:
  struct Usage {
    bool out_of_memory = false;     ///< the kernel killed something for the memory limit
    std::uint64_t peak_memory = 0;  ///< 0: not known
  };

  virtual ~ControlGroups() = default;
  ControlGroups() = default;
  ControlGroups(const ControlGroups&) = delete;
  ControlGroups& operator=(const ControlGroups&) = delete;

  virtual std::string describe() const { return "none"; }
  virtual bool limits_memory() const { return false; }
  virtual bool limits_processes() const { return false; }
  /// Called by a new zygote.
  virtual void join(unsigned /*slot*/) const {}
  /// For CLONE_INTO_CGROUP; -1: children inherit.
  virtual int clone_into(unsigned /*slot*/) const { return -1; }
  /// Sets a job's limits, before its program starts; its init may be in the group already.
  virtual void begin(unsigned /*slot*/, const Limits& /*limits*/) {}
  virtual Usage end(unsigned /*slot*/) { return {}; }
  /// Processor time since begin(), also of processes whose end nobody waited for, which the kernel adds to nobody's
  /// children; 0: not known.
  virtual std::chrono::microseconds cpu_time(unsigned /*slot*/) const { return {}; }
  /// After the report, when nobody waits, and before anything of the next job is made: with v2 the slot has another
  /// group afterwards.
  virtual void refresh(unsigned /*slot*/) {}
};

/// What this machine and our rights allow; groups that an earlier instance with the same name left are swept. Never
/// fails: what is missing is said in `warnings`. Boxes in memory (tmpfs) are charged to the groups, and results that
/// somebody still reads are not the next job's.
std::unique_ptr<ControlGroups> make_control_groups(const std::string& name, unsigned slots, bool boxes_in_memory,
                                                   std::vector<std::string>& warnings);

/// The leaf to which the processes of a v2 group of our own are moved.
inline constexpr const char* k_supervisor = "supervisor";

/// Where the hierarchies of version 1 are mounted. `cpu` and `cpuacct` are empty when they are not there or not ours to
/// write.
struct V1Hierarchies {
  std::string memory;
  std::string pids;
  std::string cpu;
  std::string cpuacct;
};

/// Which of the groups that there are would be used, and why none.
struct GroupPlace {
  enum class Kind { none, v1, v2 };
  Kind kind = Kind::none;
  std::string v2_parent;  ///< of ours; empty: version 2 has no memory and pids here
  V1Hierarchies v1;       ///< where version 2 has them not
  std::string lack;       ///< of Kind::none: what is missing
  std::string mend;       ///< and what would help
};

/// Looks and changes nothing. Throws SysError.
GroupPlace find_group_place();

// The two kinds. Both throw Error when the groups cannot be made. `parent` is a directory of the v2 hierarchy.
std::unique_ptr<ControlGroups> make_groups_v1(const V1Hierarchies& at, const std::string& name, unsigned slots,
                                              bool boxes_in_memory);
std::unique_ptr<ControlGroups> make_groups_v2(const std::string& parent, const std::string& name, unsigned slots);

}  // namespace ejf::jail
