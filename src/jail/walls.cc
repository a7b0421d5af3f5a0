// SPDX-License-Identifier: Apache-2.0
#include "jail/walls.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.h"
#include "base/files.h"
#include "jail/gap.h"
#include "jail/probe.h"

namespace ejf::jail {

std::vector<std::string> missing_walls(bool root) {
  std::vector<std::string> missing;
  for (const ProbedFeature& each : probe_features(root, Need::needed)) {
    if (each.found.presence != Presence::missing) continue;
    missing.push_back(
        std::string{each.name}.append(": ").append(each.found.detail).append(" (").append(each.found.mend).append(")"));
  }
  return missing;
}

uid_t enter_user_namespace() {
  std::string user = std::to_string(::geteuid());
  std::string group = std::to_string(::getegid());
  if (::unshare(CLONE_NEWUSER) != 0) throw SysError("unshare", "user namespace");
  auto write = [](const char* path, const std::string& text) {
    write_all(open_at(AT_FDCWD, path, O_WRONLY).get(), text, path);
  };
  std::string inner = std::to_string(k_own_id_inside);
  write("/proc/self/uid_map", std::string{inner}.append(" ").append(user).append(" 1\n"));
  write("/proc/self/setgroups", "deny");
  write("/proc/self/gid_map", std::string{inner}.append(" ").append(group).append(" 1\n"));
  return k_own_id_inside;
}

std::string enter_mount_namespace() {
  if (::unshare(CLONE_NEWNS) != 0) throw SysError("unshare", "mount namespace");
  // What the host mounts later shall be seen here, what we mount not there.
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0) throw SysError("make private", "/");
  // A directory that the broker can do without: nothing that is to be shown to a job may lie below it.
  for (const char* path : {"/sys", "/boot", "/mnt"}) {
    if (::access(path, F_OK) == 0) return path;
  }
  throw Error("none of /sys, /boot, /mnt is there to mount boxes on");
}

void give_up_future_rights(bool has_rights) {
  constexpr int k_last_capability = 63;  // of any kernel; EINVAL beyond this one's last
  if (has_gap("bounding-set")) has_rights = false;
  for (int capability = 0; has_rights && capability <= k_last_capability; ++capability) {
    if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno != EINVAL) {
      throw SysError("prctl", "PR_CAPBSET_DROP");
    }
  }
  if (has_gap("no-new-privileges")) return;
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) throw SysError("prctl", "PR_SET_NO_NEW_PRIVS");
}

}  // namespace ejf::jail
