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
  virtual void begin(unsigned /*slot*/, const Limits& /*limits*/) {}
  virtual Usage end(unsigned /*slot*/) { return {}; }
  /// After the report, when nobody waits.
  virtual void refresh(unsigned /*slot*/) {}
};

/// What this machine and our rights allow; groups that an earlier instance with the same name left are swept. Never
/// fails: what is missing is said in `warnings`. Boxes in memory (tmpfs) are charged to the groups, and results that
/// somebody still reads are not the next job's.
std::unique_ptr<ControlGroups> make_control_groups(const std::string& name, unsigned slots, bool boxes_in_memory,
                                                   std::vector<std::string>& warnings);

}  // namespace ejf::jail
