// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <linux/filter.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "jail/control_groups.h"
#include "jail/jail.h"
#include "jail/network.h"
#include "jail/view.h"
#include "jail/wire.h"

namespace ejf::jail {

/// All that a zygote is born with; it is a fork of the broker, so nothing has to be sent.
struct ZygoteSpec {
  Mode mode = Mode::full;
  unsigned slot = 0;
  unsigned slots = 1;  ///< of the broker
  Network network = Network::none;
  bool change_user = false;  ///< started as root
  pid_t broker = 0;
  int channel = -1;
  int null = -1;
  rlimit open_files{};  ///< what a job without a limit of its own gets
  const ControlGroups* groups = nullptr;
  const std::vector<sock_filter>* filter = nullptr;
  std::string staging;  ///< directory of the broker's mount namespace over which the view is built
  ViewSpec view;
};

/// A run as the broker passes it on.
struct JobOrder {
  std::uint64_t run = 0;
  uid_t uid = 0;
  std::string directory;  ///< absolute, as the job sees it
  UniqueFd box;           ///< a mount of the box, with Mode::full
  UniqueFd output;        ///< none: /dev/null
  UniqueFd clone_into;    ///< a v2 control group, or none
  RunSpec spec;
};

template <typename Io, Is<JobOrder> S>
void fields(Io& io, S& v) {
  io(v.run, v.uid, v.directory, v.box, v.output, v.clone_into, v.spec);
}

/// The zygote's life: enters its namespaces, control groups and view, then starts one job a message until the broker
/// closes the channel.
[[noreturn]] void run_zygote(const ZygoteSpec& spec) noexcept;

}  // namespace ejf::jail
