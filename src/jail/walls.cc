// SPDX-License-Identifier: Apache-2.0
#include "jail/walls.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/error.h"
#include "base/files.h"
#include "jail/gap.h"

namespace ejf::jail {

namespace {

constexpr uid_t k_inner_id = 1000;

struct Namespace {
  const char* name;
  int flag;
};
constexpr Namespace k_namespaces[] = {{"mount", CLONE_NEWNS},    {"pid", CLONE_NEWPID}, {"ipc", CLONE_NEWIPC},
                                      {"network", CLONE_NEWNET}, {"uts", CLONE_NEWUTS}, {"cgroup", CLONE_NEWCGROUP}};

/// The errno of unshare(flags) in a process of its own; 0 when it works.
int try_unshare(int flags) {
  pid_t pid = ::fork();
  if (pid < 0) return errno;
  if (pid == 0) ::_exit(::unshare(flags) == 0 ? 0 : errno);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
}

std::string text_of(int error) {
  return std::generic_category().message(error);
}

bool has_seccomp() {
  unsigned action = SECCOMP_RET_ERRNO;
  return ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

}  // namespace

std::vector<std::string> missing_walls(bool root) {
  std::vector<std::string> missing;
  int user = root ? 0 : CLONE_NEWUSER;
  int error = root ? 0 : try_unshare(user);
  if (error != 0) {
    missing.push_back("user namespace: " + text_of(error) +
                      " (start as root; or allow it: sysctl kernel.unprivileged_userns_clone=1, "
                      "user.max_user_namespaces; with AppArmor a profile that has `userns,`)");
  }
  for (const Namespace& each : k_namespaces) {
    if (error != 0) break;  // all of them would fail for the same reason
    int result = try_unshare(user | each.flag);
    if (result == 0) continue;
    missing.push_back(std::string{each.name} + " namespace: " + text_of(result) +
                      (result == EINVAL ? " (the kernel is built without it)"
                                        : " (a container: run it with CAP_SYS_ADMIN and without a seccomp profile)"));
  }
  if (!has_seccomp()) missing.emplace_back("seccomp filter: the kernel is built without CONFIG_SECCOMP_FILTER");
  UniqueFd here{::open("/", O_PATH | O_CLOEXEC)};
  if (::syscall(SYS_openat2, here.get(), ".", nullptr, 0) < 0 && errno == ENOSYS) {
    missing.emplace_back("openat2: the kernel is older than Linux 5.6, or a seccomp profile hides it");
  }
  struct mount_attr none {};
  if (::mount_setattr(-1, "", 0, &none, sizeof none) < 0 && errno == ENOSYS) {
    missing.emplace_back("mount_setattr: the kernel is older than Linux 5.12, or a seccomp profile hides it");
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
  std::string inner = std::to_string(k_inner_id);
  write("/proc/self/uid_map", std::string{inner}.append(" ").append(user).append(" 1\n"));
  write("/proc/self/setgroups", "deny");
  write("/proc/self/gid_map", std::string{inner}.append(" ").append(group).append(" 1\n"));
  return k_inner_id;
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
