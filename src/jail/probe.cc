// SPDX-License-Identifier: Apache-2.0
#include "jail/probe.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/unique_fd.h"
#include "jail/id_range.h"
#include "jail/mend.h"
#include "jail/probe_groups.h"

namespace ejf::jail {

namespace {

constexpr std::size_t k_max_file = std::size_t{1} << 16;

/// What `work` returns in a process of its own: 0, or an errno.
template <typename Work>
int in_child(Work work) {
  pid_t pid = ::fork();
  if (pid < 0) return errno;
  if (pid == 0) ::_exit(work());
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
}

/// The same in new namespaces, in which it has all rights.
template <typename Work>
int in_namespaces(bool root, int flags, Work work) {
  if (!root) flags |= CLONE_NEWUSER;
  return in_child([&] {
    if (::unshare(flags) != 0) return errno;
    // As root: what is mounted here must not appear outside.
    if ((flags & CLONE_NEWNS) != 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0) return errno;
    return work();
  });
}

std::string text_of(int error) {
  return std::generic_category().message(error);
}

Finding found_call(int error, int major, int minor) {
  if (error == 0) return {};
  return {Presence::missing, text_of(error), mend_call(error, major, minor)};
}

/// Of a system call with arguments that it must refuse with `wanted`, which needs no rights.
Finding refused_with(int wanted, long result, int major, int minor) {
  const int error = result < 0 ? errno : 0;
  return found_call(error == wanted ? 0 : error, major, minor);
}

template <int flag>
Finding probe_namespace(bool root, const char* sysctl, const char* config) {
  const int error = in_namespaces(root, flag, [] { return 0; });
  if (error == 0) return {};
  return {Presence::missing, text_of(error), mend_namespace(error, sysctl, config)};
}

Finding probe_proc(bool root) {
  const int error = in_namespaces(root, CLONE_NEWNS | CLONE_NEWPID, [] {
    return in_child([] {
      constexpr unsigned long k_flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
      return ::mount("proc", "/proc", "proc", k_flags, "hidepid=2,subset=pid") == 0 ? 0 : errno;
    });
  });
  Finding found = found_call(error, 5, 8);
  if (error == EPERM) found.detail += ": something covers parts of /proc here";
  return found;
}

int make_box() {
  UniqueFd context{static_cast<int>(::syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC))};
  if (!context) return errno;
  for (const auto& [key, value] :
       std::array<std::pair<const char*, const char*>, 2>{std::pair{"size", "64k"}, std::pair{"nr_inodes", "16"}}) {
    if (::syscall(SYS_fsconfig, context.get(), FSCONFIG_SET_STRING, key, value, 0) != 0) return errno;
  }
  if (::syscall(SYS_fsconfig, context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0) return errno;
  UniqueFd mount{static_cast<int>(::syscall(SYS_fsmount, context.get(), FSMOUNT_CLOEXEC, 0))};
  if (!mount) return errno;
  return ::syscall(SYS_move_mount, mount.get(), "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) == 0 ? 0 : errno;
}

int copy_tree() {
  constexpr unsigned k_flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE;
  UniqueFd mount{static_cast<int>(::syscall(SYS_open_tree, AT_FDCWD, "/", k_flags))};
  if (!mount) return errno;
  struct mount_attr attr {};
  attr.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
  attr.propagation = MS_PRIVATE;
  return ::mount_setattr(mount.get(), "", AT_EMPTY_PATH | AT_RECURSIVE, &attr, sizeof attr) == 0 ? 0 : errno;
}

Finding probe_clone3(bool) {
  UniqueFd no_group{::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)};
  clone_args args{};
  args.flags = CLONE_INTO_CGROUP;
  args.exit_signal = SIGCHLD;
  args.cgroup = static_cast<__u64>(no_group.get());
  return refused_with(EBADF, ::syscall(SYS_clone3, &args, sizeof args), 5, 7);
}

Finding probe_seccomp(bool) {
  for (unsigned action : {SECCOMP_RET_ERRNO, SECCOMP_RET_KILL_PROCESS}) {
    if (::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0) continue;
    return {Presence::missing, text_of(errno),
            errno == ENOSYS ? mend_call(errno, 4, 14) : "boot a kernel with CONFIG_SECCOMP_FILTER=y"};
  }
  return {};
}

Finding probe_core_pattern(bool) {
  try {
    std::string pattern = read_file("/proc/sys/kernel/core_pattern", k_max_file);
    while (pattern.ends_with('\n')) pattern.pop_back();
    return {Presence::there, pattern + " (not for jobs: their RLIMIT_CORE is 1)", ""};
  } catch (const Error& error) {
    return {Presence::unknown, error.what(), ""};
  }
}

Finding probe_protected_files(bool) {
  Finding found;
  for (const char* name :
       {"fs.protected_symlinks", "fs.protected_hardlinks", "fs.protected_fifos", "fs.protected_regular"}) {
    if (read_sysctl(name).value_or(0) != 0) continue;
    found.presence = Presence::missing;
    found.detail.append(found.detail.empty() ? "" : ", ").append(name).append(" is 0");
    found.mend.append(found.mend.empty() ? "sysctl -w" : "").append(" ").append(name).append("=1");
  }
  return found;
}

Finding probe_id_ranges(bool /*root*/) {
  Finding found;
  if (find_id_ranges(1, found.detail)) return found;
  found.presence = Presence::missing;
  found.mend = "apt-get install uidmap && usermod --add-subuids 300000-365535 --add-subgids 300000-365535 USER";
  return found;
}

/// `inside`: tried in namespaces, for which an ordinary user needs a user namespace first.
enum class Where { here, inside };

struct Row {
  const char* name;
  Where where;
  Need need;
  Need need_as_root;
  const char* purpose;
  Finding (*probe)(bool root);
};

/// The first one is what those inside depend on.
constexpr Row k_rows[] = {
    {"user namespace", Where::here, Need::needed, Need::unused, "a jail without root's rights",
     [](bool root) { return probe_namespace<CLONE_NEWUSER>(root, "user", "CONFIG_USER_NS"); }},
    {"mnt namespace", Where::inside, Need::needed, Need::needed, "a tree of files of its own",
     [](bool root) { return probe_namespace<CLONE_NEWNS>(root, "mnt", "CONFIG_NAMESPACES"); }},
    {"pid namespace", Where::inside, Need::needed, Need::needed, "sees, signals and outlives nobody",
     [](bool root) { return probe_namespace<CLONE_NEWPID>(root, "pid", "CONFIG_PID_NS"); }},
    {"ipc namespace", Where::inside, Need::needed, Need::needed, "no System V objects of others",
     [](bool root) { return probe_namespace<CLONE_NEWIPC>(root, "ipc", "CONFIG_IPC_NS"); }},
    {"net namespace", Where::inside, Need::needed, Need::needed, "no network",
     [](bool root) { return probe_namespace<CLONE_NEWNET>(root, "net", "CONFIG_NET_NS"); }},
    {"uts namespace", Where::inside, Need::needed, Need::needed, "a host name of its own",
     [](bool root) { return probe_namespace<CLONE_NEWUTS>(root, "uts", "CONFIG_UTS_NS"); }},
    {"cgroup namespace", Where::inside, Need::needed, Need::needed, "does not see the host's control groups",
     [](bool root) { return probe_namespace<CLONE_NEWCGROUP>(root, "cgroup", "CONFIG_CGROUPS"); }},
    {"proc hidepid, subset", Where::inside, Need::needed, Need::needed, "a /proc with its own processes only",
     probe_proc},
    {"fsopen tmpfs, move_mount", Where::inside, Need::needed, Need::needed, "a box with a limit of bytes and of files",
     [](bool root) { return found_call(in_namespaces(root, CLONE_NEWNS, make_box), 5, 2); }},
    {"open_tree, mount_setattr", Where::inside, Need::needed, Need::needed, "the toolchains, read-only",
     [](bool root) { return found_call(in_namespaces(root, CLONE_NEWNS, copy_tree), 5, 12); }},
    {"openat2", Where::here, Need::needed, Need::needed, "results are opened without following links",
     [](bool) { return refused_with(EINVAL, ::syscall(SYS_openat2, AT_FDCWD, ".", nullptr, 0), 5, 6); }},
    {"close_range", Where::here, Need::needed, Need::needed, "no descriptors of the server",
     [](bool) { return found_call(::close_range(~0U, ~0U, CLOSE_RANGE_CLOEXEC) == 0 ? 0 : errno, 5, 11); }},
    {"clone3", Where::here, Need::needed, Need::needed, "a job is born in its control group", probe_clone3},
    {"pidfd_open", Where::here, Need::needed, Need::needed, "waits for the jail itself",
     [](bool) { return refused_with(EINVAL, ::syscall(SYS_pidfd_open, -1, 0), 5, 3); }},
    {"seccomp filter", Where::here, Need::needed, Need::needed, "refuses what a compiler does not need", probe_seccomp},
    {"cgroup", Where::here, Need::wanted, Need::wanted, "memory and processes of a whole job", probe_groups},
    {"subuid range", Where::here, Need::wanted, Need::unused, "a user id of its own for each slot", probe_id_ranges},
    {"swap limit", Where::here, Need::wanted, Need::wanted, "the limit of memory holds for swap too", probe_swap_limit},
    {"cgroup.kill", Where::here, Need::nice, Need::nice, "ends what an earlier server left at once", probe_group_kill},
    {"memory.peak", Where::here, Need::nice, Need::nice, "says how much memory a job had", probe_memory_peak},
    {"core_pattern", Where::here, Need::nice, Need::nice, "no helper of the host runs when a job crashes",
     probe_core_pattern},
    {"fs.protected_*", Where::here, Need::nice, Need::nice, "users of the host cannot trick each other",
     probe_protected_files},
};

}  // namespace

std::vector<ProbedFeature> probe_features(bool root, Need least) {
  std::vector<ProbedFeature> features;
  for (const Row& row : k_rows) {
    const Need need = root ? row.need_as_root : row.need;
    if (need > least) continue;
    const bool is_hopeless = row.where == Where::inside && !root && features.front().found.presence != Presence::there;
    const Finding found = is_hopeless ? Finding{Presence::unknown, "without a user namespace", ""} : row.probe(root);
    features.push_back({row.name, row.purpose, need, found});
  }
  return features;
}

const char* need_name(Need need) noexcept {
  constexpr std::array<const char*, 4> k_names{"needed", "wanted", "nice", "unused"};
  return k_names.at(static_cast<std::size_t>(need));
}

const char* presence_name(Presence presence) noexcept {
  constexpr std::array<const char*, 3> k_names{"there", "MISSING", "unknown"};
  return k_names.at(static_cast<std::size_t>(presence));
}

}  // namespace ejf::jail
