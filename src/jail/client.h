// SPDX-License-Identifier: Apache-2.0
// On whose behalf a broker works, and how it looks at the file system with no more than that user's rights.
#pragma once

#include <sys/types.h>

#include "base/unique_fd.h"
#include "jail/jail.h"

namespace ejf::jail {

/// Who is at the other end of a broker's socket.
struct Client {
  Rights rights;
  bool is_trusted = true;   ///< has all rights that the broker has: nothing that it asks for could be more than its own
  bool started_us = false;  ///< not trusted, and executed the program set-user-ID: limits and priority are its own yet
};

/// The client of a broker that has just been started. `caller` is who started the program, before it became root: for
/// an ordinary user that is the answer, whatever the socket says; else it is who made or connected the socket.
Client client_of(int socket, const Rights& caller);

/// The real user, group and groups of the calling process.
Rights own_rights();

/// As long as it lives, files are looked up with the rights of the client, if that is not root; what else root may do
/// (mounts among it) stays. The kernel clears the death signal when these ids change, so it is set again.
class AsClient {
 public:
  explicit AsClient(const Rights& rights);
  AsClient(const AsClient&) = delete;
  AsClient& operator=(const AsClient&) = delete;
  ~AsClient();

 private:
  bool changed_ = false;
  int death_signal_ = 0;
  int dumpable_ = 0;
};

}  // namespace ejf::jail
