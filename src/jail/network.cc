// SPDX-License-Identifier: Apache-2.0
#include "jail/network.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>

#include "base/error.h"

namespace ejf::jail {

Network network_of(const RunSpec& spec) noexcept {
  if (spec.network) return Network::host;
  return spec.loopback ? Network::loopback : Network::none;
}

void bring_up_loopback() {
  UniqueFd socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  if (!socket) throw SysError("socket", "for lo");
  ifreq request{};
  std::strncpy(request.ifr_name, "lo", sizeof request.ifr_name - 1);
  if (::ioctl(socket.get(), SIOCGIFFLAGS, &request) != 0) throw SysError("get the flags of", "lo");
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  if (::ioctl(socket.get(), SIOCSIFFLAGS, &request) != 0) throw SysError("bring up", "lo");
}

}  // namespace ejf::jail
