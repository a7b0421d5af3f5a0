// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <linux/filter.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "jail/admission.h"
#include "jail/control_groups.h"
#include "jail/jail.h"
#include "jail/uid_lease.h"

namespace ejf::jail {

/// What the broker sets up once, by the server's configuration.
struct Setup {
  explicit Setup(Admission admission);

  JailConfig config;
  Client client;
  AdminRules rules;
  Features features;
  bool root = ::geteuid() == 0;  ///< of the machine, not of a user namespace
  bool own_uids = root;          ///< each slot has a user id of its own
  std::optional<UidLease> lease;
  uid_t first_uid = 0;
  unsigned uids = 1;
  rlimit open_files{};
  std::unique_ptr<ControlGroups> groups;
  std::string staging;
  std::array<std::vector<sock_filter>, 2> filters;  ///< without and with sockets of the Internet
  std::uint64_t cookie = 0;                         ///< that opens our own calls in them, drawn at random
  UniqueFd null;

 private:
  void choose_users();
  void enter_namespaces();
  void enter_user_namespace();
};

}  // namespace ejf::jail
