// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/resource.h>

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/unique_fd.h"
#include "jail/box_store.h"
#include "jail/control_groups.h"
#include "jail/inmate.h"
#include "jail/jail.h"
#include "jail/log_keeper.h"
#include "jail/network.h"

namespace ejf::jail {

/// What the broker knows about a run while it lasts.
struct RunState {
  RunState(std::uint64_t run_id, std::uint32_t box_id, const RunSpec& spec)
      : id(run_id),
        box(box_id),
        program(spec.argv.empty() ? std::string{} : spec.argv.front()),
        network(network_of(spec)),
        limits(spec.limits),
        outputs(spec.outputs),
        log(spec.limits.log_stored) {}

  std::uint64_t id;
  std::uint32_t box;
  std::string program;
  Network network;
  Limits limits;
  std::vector<WantedFile> outputs;
  LogKeeper log;
  bool has_wide_pipe = false;
  UniqueFd log_pipe;
  unsigned inits = 0;           ///< that were made for it
  bool watches_memory = false;  ///< no control group does
  Monotonic::time_point started;
  Monotonic::time_point next_look;  ///< at cpu time and memory
  Monotonic::time_point idle_since;
  std::chrono::microseconds idle_cpu{0};  ///< that had been used then

  // Why it was killed, or will be found to have ended.
  bool cancelled = false;
  bool log_exceeded = false;
  bool memory_exceeded = false;
  bool cpu_exceeded = false;
  bool time_exceeded = false;
  bool idle_exceeded = false;
  Failure failure;
  std::string failure_text;           ///< of a failure in broker or zygote
  std::optional<InitReport> end;      ///< what init saw
  std::chrono::microseconds cpu{0};   ///< of all processes
  std::uint64_t largest_process = 0;  ///< its resident memory
  ControlGroups::Usage usage;

  bool is_watched() const noexcept {
    return watches_memory || limits.cpu_time.count() != 0 || limits.idle_time.count() != 0;
  }
  /// We want it dead.
  bool is_condemned() const noexcept {
    return cancelled || log_exceeded || memory_exceeded || cpu_exceeded || time_exceeded || idle_exceeded;
  }
  /// Takes a look at the cpu time that all processes have used; sees what it says about the limits.
  void look_at_cpu(std::chrono::microseconds used, Monotonic::time_point now) noexcept;
};

/// Verdict and figures; log and outputs are added by the broker.
RunReport judge(const RunState& run);

}  // namespace ejf::jail
