// SPDX-License-Identifier: Apache-2.0
#include "jail/broker_setup.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "jail/id_range.h"
#include "jail/seccomp_filter.h"
#include "jail/walls.h"

namespace ejf::jail {

Setup::Setup(Admission admission)
    : config(std::move(admission.config)), client(std::move(admission.client)), rules(std::move(admission.rules)) {
  ::getrlimit(RLIMIT_NOFILE, &open_files);
  rlimit most{open_files.rlim_max, open_files.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &most);
  ::umask(022);
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) throw SysError("prctl", "PR_SET_CHILD_SUBREAPER");
  if (root && config.first_uid == 0) throw Error("jail: started as root without a user for the jobs");
  null = open_at(AT_FDCWD, "/dev/null", O_RDWR);
  groups = make_control_groups(config.cgroup_name, config.slots, config.mode == Mode::full, features.warnings);
  features.cgroup = groups->describe();
  choose_users();
  if (config.mode == Mode::full) enter_namespaces();
  give_up_future_rights(root || config.mode == Mode::full);
}

void Setup::choose_users() {
  first_uid = ::geteuid();
  if (!root) return;
  std::string warning;
  lease.emplace(config.first_uid, config.slots, warning);
  if (!warning.empty()) features.warnings.push_back(std::move(warning));
  first_uid = lease->first();
  uids = config.slots;
}

void Setup::enter_namespaces() {
  std::vector<std::string> missing = missing_walls(root);
  if (!missing.empty()) {
    std::string text = "no jail can be had here:";
    for (const std::string& each : missing) text.append("\n  ").append(each);
    throw Error(text);
  }
  features.namespaces = root ? "root" : "user namespaces";
  if (!root) enter_user_namespace();
  staging = enter_mount_namespace();
  while (cookie == 0) {
    if (::getrandom(&cookie, sizeof cookie, 0) != sizeof cookie) throw SysError("getrandom", "");
  }
  for (const bool network : {false, true}) {
    filters[network ? 1 : 0] = make_filter({network, config.allow_i386, cookie, config.seccomp_log});
  }
  features.seccomp = true;
  features.seccomp_log = config.seccomp_log;
  if (config.seccomp_log) {
    features.warnings.emplace_back(
        "the system call filter ONLY LOGS ([jail] seccomp = log): what it should refuse is allowed");
  }
}

/// Without ranges of ids for them, jobs have the user of their server.
void Setup::enter_user_namespace() {
  constexpr uid_t k_first_inside = 70000;
  std::string missing;
  const auto ranges = find_id_ranges(config.slots, missing);
  if (!ranges) {
    features.warnings.push_back("all jobs have one user id, the server's: " + missing);
    first_uid = jail::enter_user_namespace();
    return;
  }
  enter_user_namespace_with(*ranges, k_own_id_inside, k_first_inside, config.slots);
  first_uid = k_first_inside;
  uids = config.slots;
  own_uids = true;
  features.namespaces = "user namespaces, a user id per slot";
}

}  // namespace ejf::jail
