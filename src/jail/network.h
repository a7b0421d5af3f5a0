// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "jail/jail.h"

namespace ejf::jail {

/// What a job can reach. Each slot has a zygote for each kind that was asked for.
enum class Network : unsigned {
  none,  ///< a network namespace in which nothing is up
  host,
  loopback,  ///< a network namespace in which only lo is up
};
inline constexpr std::array<Network, 3> k_networks = {Network::none, Network::host, Network::loopback};

Network network_of(const RunSpec& spec) noexcept;

/// Brings lo up in the network namespace of the calling process; the kernel gives it its addresses. Throws SysError.
void bring_up_loopback();

}  // namespace ejf::jail
