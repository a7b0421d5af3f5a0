// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ejf::spool {

/// Where a request stands. `delivering`: its reply may be in place already, so that nobody may work on it again, unless
/// the machine went down meanwhile: the reply may never have reached the disk. `settled`: it has, and nothing is left
/// to do but to clean up.
enum class ClaimState { claimed, delivering, settled };

/// The longest packet name that can be claimed, whatever host claims it: 255 less the longest head of a claim name.
inline constexpr std::size_t k_max_packet_name = 167;

/// After so many crashes a request is given up: answered without being worked on, and kept in queue/rejected. After one
/// more not even that is tried.
inline constexpr int k_given_up_after = 3;
inline constexpr int k_most_crashes = 4;
/// For the log of such a request, and for those who find it in queue/rejected.
std::string why_given_up();

/// The name of a claimed packet in queue/out:
///
///     ejf,<c|1|2|3|4|d|k|s>,<host>,<16 hex digits>,<packet name>
///
/// A letter for each state; a digit is `claimed` after so many crashes, `k` is `delivering` when it was given up. Host
/// and digits are the *instance*, one run of one server; the first 8 digits are those of the machine's boot id. A host
/// is 1..64 of [A-Za-z0-9._-], so the first four commas separate and the packet name may hold anything that is plain.
/// ejudge's own names there
/// (`<pid>_<nodename>_<name>`) begin with a digit and never parse.
struct ClaimName {
  ClaimState state = ClaimState::claimed;
  std::string instance;  ///< "<host>,<16 hex digits>"
  std::string packet;
  /// Of servers that worked on it, 0..k_most_crashes. What is `delivering` tells only whether it was given up.
  int crashes = 0;

  std::string text() const;
  std::string_view host() const;
  /// Strict: text() of the result is `name` again.
  static std::optional<ClaimName> parse(std::string_view name);
};

/// The file that an instance holds locked in queue/out while it lives: ".instance-<instance>".
std::string instance_file_name(std::string_view instance);
/// The instance of such a name; empty for any other name.
std::optional<std::string> parse_instance_file_name(std::string_view name);
std::string_view host_of_instance(std::string_view instance);

/// The 8 digits that tell in which run of its machine an instance ran.
std::string_view boot_of_instance(std::string_view instance);
/// Those of this machine now. Throws SysError when the kernel does not tell.
std::string this_boot();

/// A fresh instance of a host.
std::string make_instance(std::string_view host);

/// uname -n, as it may stand in our file names: other bytes than [A-Za-z0-9._-] are '_'.
std::string node_name();

}  // namespace ejf::spool
