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
  bool change_user = false;   ///< the slot has a user id of its own
  bool raise_limits = false;  ///< started as root
  pid_t broker = 0;
  int channel = -1;
  int null = -1;
  std::uint64_t cookie = 0;  ///< of the filter
  rlimit open_files{};       ///< what a job without a limit of its own gets
  const ControlGroups* groups = nullptr;
  const std::vector<sock_filter>* filter = nullptr;
  std::string staging;  ///< directory of the broker's mount namespace over which the view is built
  ViewSpec view;
};

/// What the broker sends to a zygote, for each init that it wants.
struct InitOrder {
  UniqueFd channel;     ///< of the init, to the broker
  UniqueFd clone_into;  ///< a v2 control group, or none
};

template <typename Io, Is<InitOrder> S>
void fields(Io& io, S& v) {
  io(v.channel, v.clone_into);
}

/// The descriptors of a zygote, of an init, and of a target that has no order yet.
inline constexpr int k_channel = 3;
inline constexpr int k_null = 4;
inline constexpr int k_view = 5;
inline constexpr unsigned k_first_free = 6;

/// The zygote's life: enters its namespaces, control groups and view, then makes one init a message until the broker
/// closes the channel.
[[noreturn]] void run_zygote(const ZygoteSpec& spec) noexcept;

/// Then the zygote is in no cgroup namespace of its own, and each job in one.
bool jobs_are_put_into_groups(const ZygoteSpec& spec) noexcept;

/// An InitReport that says what could not be set up.
void tell_failure(int channel, const char* text) noexcept;

}  // namespace ejf::jail
