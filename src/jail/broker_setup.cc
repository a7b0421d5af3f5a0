// SPDX-License-Identifier: Apache-2.0
#include "jail/broker_setup.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "jail/seccomp_filter.h"
#include "jail/walls.h"

namespace ejf::jail {

Setup::Setup(JailConfig given) : config(std::move(given)) {
  ::getrlimit(RLIMIT_NOFILE, &open_files);
  rlimit most{open_files.rlim_max, open_files.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &most);
  ::umask(022);
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) throw SysError("prctl", "PR_SET_CHILD_SUBREAPER");
  if (root && config.first_uid == 0) throw Error("jail: started as root without a user for the jobs");
  if (config.slots == 0) throw Error("jail: no slots");
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
  if (!root) first_uid = enter_user_namespace();
  staging = enter_mount_namespace();
  filters = {make_filter({false, config.allow_i386}), make_filter({true, config.allow_i386})};
  features.seccomp = true;
}

}  // namespace ejf::jail
