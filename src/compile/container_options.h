// SPDX-License-Identifier: Apache-2.0
// The container options of a problem or a language: the option text of ejudge's own container (remote-agent
// letters like "mvlt5000"), translated to our jail.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compile/named_paths.h"
#include "jail/jail.h"

namespace ejf::compile {

/// What the options change in a run. A limit of 0 is "none", as in jail::Limits.
struct ContainerOptions {
  bool network = false;   ///< mn: sees the network of the host
  bool loopback = false;  ///< ml: has a loopback interface of its own
  std::optional<std::chrono::milliseconds> cpu_time;
  std::optional<std::chrono::milliseconds> real_time;
  std::optional<std::uint64_t> address_space;
  std::optional<std::uint64_t> stack;
  std::optional<std::uint64_t> memory;
  std::optional<std::uint64_t> file_size;
  std::optional<std::uint32_t> open_files;
  std::optional<std::uint32_t> processes;
  std::vector<std::string> shown_paths;  ///< directories of the host that the job sees, read-only
  /// For the log: each option that changes nothing although it would in ejudge's container, and why.
  std::vector<std::string> ignored;
};

/// Never fails: what cannot be read is among `ignored`, and reading goes on behind the next comma.
ContainerOptions parse_container_options(std::string_view text);

/// Puts limits, network and shown directories into `run`, over what stands there.
void apply(const ContainerOptions& options, const HiddenPaths& hidden, jail::RunSpec& run);

}  // namespace ejf::compile
