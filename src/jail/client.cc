// SPDX-License-Identifier: Apache-2.0
#include "jail/client.h"

#include <grp.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.h"

namespace ejf::jail {

namespace {

/// Both give the id that was in force, and no error.
bool look_as(uid_t uid, gid_t gid) noexcept {
  constexpr auto k_ask = static_cast<uid_t>(-1);
  ::setfsgid(gid);
  ::setfsuid(uid);
  return ::setfsuid(k_ask) == static_cast<int>(uid) && ::setfsgid(k_ask) == static_cast<int>(gid);
}

std::vector<gid_t> peer_groups(int socket) {
  std::vector<gid_t> groups(64);
  for (;;) {
    auto size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) == 0) {
      groups.resize(size / sizeof(gid_t));
      return groups;
    }
    if (errno != ERANGE) throw SysError("ask for the groups of", "the jail's client");
    groups.resize(size / sizeof(gid_t));
  }
}

}  // namespace

Rights own_rights() {
  Rights rights{::getuid(), ::getgid(), {}};
  rights.groups.resize(static_cast<std::size_t>(::getgroups(0, nullptr)));
  if (::getgroups(static_cast<int>(rights.groups.size()), rights.groups.data()) < 0) throw SysError("getgroups", "");
  return rights;
}

Client client_of(int socket, const Rights& caller) {
  int type = 0;
  socklen_t size = sizeof type;
  if (::getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_SEQPACKET) {
    throw UsageError("the broker's descriptor is not a socket of the jail's");
  }
  if (caller.uid != 0) return {caller, ::geteuid() != 0, ::geteuid() == 0};
  ucred peer{};
  size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    throw SysError("ask for the user of", "the jail's client");
  }
  return {{peer.uid, peer.gid, peer_groups(socket)}, peer.uid == 0 || ::geteuid() != 0};
}

AsClient::AsClient(const Rights& rights) {
  if (rights.uid == 0 || ::geteuid() != 0) return;
  if (::prctl(PR_GET_PDEATHSIG, &death_signal_) != 0) throw SysError("prctl", "PR_GET_PDEATHSIG");
  dumpable_ = ::prctl(PR_GET_DUMPABLE);
  if (::setgroups(rights.groups.size(), rights.groups.data()) != 0) throw SysError("setgroups", "of the client");
  changed_ = true;
  EJF_CHECK(look_as(rights.uid, rights.gid));
}

AsClient::~AsClient() {
  if (!changed_) return;
  EJF_CHECK(look_as(0, 0) && ::setgroups(0, nullptr) == 0);
  // Who died meanwhile was also the other end of a socket, whose end is seen.
  EJF_CHECK(::prctl(PR_SET_PDEATHSIG, death_signal_) == 0);
  if (dumpable_ == 1) ::prctl(PR_SET_DUMPABLE, 1);
}

}  // namespace ejf::jail
