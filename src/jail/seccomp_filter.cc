// SPDX-License-Identifier: Apache-2.0
// What is refused, and how:
//   EPERM         what changes the machine, its mounts or other processes, and kernel surface that no compiler needs
//   ENOSYS        what programs try first and can do without (clone3: libc falls back to clone, whose flags we can see)
//   success       file locks: inodes of toolchains are shared by all jobs, and a lock on one is a channel between them;
//                 programs that lock go on working
//   EAFNOSUPPORT  socket families that a job may not use
// Names that this libseccomp does not know are given by number, which is the same on all architectures for new calls.
#include "jail/seccomp_filter.h"

#include <fcntl.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/files.h"
#include "jail/gap.h"

namespace ejf::jail {

namespace {

/// FilterSpec::log_only lets pass what is refused `unless_logged`.
enum class Refusal { unless_logged, always };

constexpr const char* k_mounts[] = {"mount",      "umount", "umount2",  "pivot_root", "chroot", "open_tree",
                                    "move_mount", "fsopen", "fsconfig", "fsmount",    "fspick", "mount_setattr"};
constexpr const char* k_namespaces[] = {"unshare", "setns"};
constexpr const char* k_processes[] = {"ptrace", "process_vm_readv", "process_vm_writev", "process_madvise",
                                       "kcmp",   "pidfd_getfd",      "perf_event_open"};
constexpr const char* k_kernel[] = {"bpf",
                                    "userfaultfd",
                                    "keyctl",
                                    "add_key",
                                    "request_key",
                                    "name_to_handle_at",
                                    "open_by_handle_at",
                                    "fanotify_init",
                                    "fanotify_mark",
                                    "lookup_dcookie",
                                    "vmsplice",
                                    "memfd_secret",
                                    "modify_ldt",
                                    "mbind",
                                    "migrate_pages",
                                    "move_pages",
                                    "landlock_create_ruleset",
                                    "landlock_add_rule",
                                    "landlock_restrict_self",
                                    "sched_setattr",
                                    "ioprio_set",
                                    "uselib",
                                    "_sysctl",
                                    "nfsservctl"};
constexpr const char* k_machine[] = {
    "quotactl",        "quotactl_fd",  "acct",          "swapon",          "swapoff",
    "create_module",   "init_module",  "finit_module",  "delete_module",   "kexec_load",
    "kexec_file_load", "reboot",       "clock_settime", "clock_settime64", "clock_adjtime",
    "clock_adjtime64", "settimeofday", "stime",         "adjtimex",        "iopl",
    "ioperm",          "syslog",       "sethostname",   "setdomainname",   "vhangup"};

struct NamedGroup {
  const char* wall;
  std::span<const char* const> calls;
  Refusal refusal = Refusal::unless_logged;
};
/// Refused with EPERM.
constexpr NamedGroup k_not_permitted[] = {{"seccomp-mounts", k_mounts},
                                          {"seccomp-mounts", k_namespaces, Refusal::always},
                                          {"seccomp-processes", k_processes},
                                          {"seccomp-kernel", k_kernel},
                                          {"seccomp-machine", k_machine}};
constexpr int k_not_permitted_numbers[] = {467 /* open_tree_attr */};

// io_setup: what it makes is counted for the whole machine (fs.aio-max-nr), so one job could use it up.
constexpr const char* k_not_there[] = {"io_setup",
                                       "io_uring_setup",
                                       "io_uring_enter",
                                       "io_uring_register",
                                       "shmget",
                                       "shmat",
                                       "shmctl",
                                       "shmdt",
                                       "semget",
                                       "semop",
                                       "semctl",
                                       "semtimedop",
                                       "msgget",
                                       "msgsnd",
                                       "msgrcv",
                                       "msgctl",
                                       "mq_open",
                                       "mq_unlink",
                                       "mq_timedsend",
                                       "mq_timedreceive",
                                       "mq_notify",
                                       "mq_getsetattr",
                                       "ipc"};
/// Of all these, what our own processes need after the filter was loaded: they pass with the cookie.
constexpr std::string_view k_ours[] = {"mount", "move_mount", "clone3", "unshare"};

constexpr int k_not_there_numbers[] = {457 /* statmount */, 458 /* listmount */};
constexpr int k_fchmodat2 = 452;

constexpr unsigned k_clone_new = 0x7E020080;  // CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET} and NEWTIME
constexpr unsigned k_setuid_bit = S_ISUID;
constexpr unsigned k_setgid_bit = S_ISGID;
constexpr unsigned k_device_types[] = {S_IFCHR, S_IFBLK};
constexpr unsigned k_query_personality = 0xffffffff;

class Builder {
 public:
  /// For one architecture: our own, or another one whose calls never pass with the cookie.
  Builder(std::uint32_t architecture, std::uint64_t cookie, bool log_only)
      : context_(::seccomp_init(SCMP_ACT_ALLOW), &::seccomp_release), cookie_(cookie), log_only_(log_only) {
    if (!context_) throw Error("libseccomp: out of memory");
    set(SCMP_FLTATR_ACT_BADARCH, has_gap("seccomp-architectures") ? SCMP_ACT_ALLOW : SCMP_ACT_KILL_PROCESS);
    set(SCMP_FLTATR_CTL_OPTIMIZE, 2);  // a binary tree: the kernel evaluates the filter for every call when it loads it
    if (architecture == SCMP_ARCH_NATIVE) return;
    check(::seccomp_arch_add(context_.get(), architecture), "add an architecture");
    check(::seccomp_arch_remove(context_.get(), SCMP_ARCH_NATIVE), "remove an architecture");
  }

  void refuse(const char* name, int error, Refusal refusal = Refusal::unless_logged) {
    constexpr unsigned k_sixth = 5;
    int number = ::seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR) return;
    if (cookie_ == 0 || !is_ours(name)) return refuse(number, error, refusal);
    refuse_if(number, error, {k_sixth, SCMP_CMP_NE, cookie_, 0}, refusal);
  }
  void refuse(int number, int error, Refusal refusal = Refusal::unless_logged) {
    check(::seccomp_rule_add_array(context_.get(), action(error, refusal), number, 0, nullptr), "rule");
  }
  void refuse_if(const char* name, int error, scmp_arg_cmp condition, Refusal refusal = Refusal::unless_logged) {
    int number = ::seccomp_syscall_resolve_name(name);
    if (number != __NR_SCMP_ERROR) refuse_if(number, error, condition, refusal);
  }
  void refuse_if(int number, int error, scmp_arg_cmp condition, Refusal refusal = Refusal::unless_logged) {
    check(::seccomp_rule_add_array(context_.get(), action(error, refusal), number, 1, &condition),
          "rule with a condition");
  }
  /// The kernel looks at the low half of an int argument only; so must we.
  void refuse_if_equal(const char* name, unsigned argument, unsigned value, int error) {
    refuse_if(name, error, {argument, SCMP_CMP_MASKED_EQ, 0xffffffff, value});
  }
  void refuse_if_bit(const char* name, unsigned argument, unsigned bit, int error,
                     Refusal refusal = Refusal::unless_logged) {
    refuse_if(name, error, {argument, SCMP_CMP_MASKED_EQ, bit, bit}, refusal);
  }

  /// Takes the rules of another architecture in.
  void merge(Builder other) {
    check(::seccomp_merge(context_.get(), other.context_.get()), "merge");
    static_cast<void>(other.context_.release());  // the merged one owns it now
  }

  std::vector<sock_filter> build() {
    UniqueFd file = make_memory_file("seccomp", "");
    check(::seccomp_export_bpf(context_.get(), file.get()), "export");
    if (::lseek(file.get(), 0, SEEK_SET) < 0) throw SysError("seek", "seccomp program");
    std::string bytes = read_all(file.get(), std::size_t{1} << 20, "seccomp program");
    std::vector<sock_filter> program(bytes.size() / sizeof(sock_filter));
    std::memcpy(program.data(), bytes.data(), program.size() * sizeof(sock_filter));
    return program;
  }

 private:
  static bool is_ours(std::string_view name) {
    return std::find(std::begin(k_ours), std::end(k_ours), name) != std::end(k_ours);
  }
  std::uint32_t action(int error, Refusal refusal) const noexcept {
    if (log_only_ && refusal == Refusal::unless_logged) return SCMP_ACT_LOG;
    return SCMP_ACT_ERRNO(static_cast<unsigned>(error));
  }
  void set(scmp_filter_attr attribute, std::uint32_t value) {
    check(::seccomp_attr_set(context_.get(), attribute, value), "attribute");
  }
  /// -EINVAL and -EFAULT of a call that one of the architectures does not have are no errors: libseccomp leaves it out.
  static void check(int result, const char* what) {
    if (result < 0) throw SysError("libseccomp", what, -result);
  }

  std::unique_ptr<void, decltype(&::seccomp_release)> context_;
  std::uint64_t cookie_;
  bool log_only_;
};

void refuse_modes(Builder& builder, bool by_number) {
  constexpr struct {
    const char* name;
    unsigned mode_argument;
  } k_mode_calls[] = {{"chmod", 1}, {"fchmod", 1}, {"fchmodat", 2}};
  for (unsigned bit : {k_setuid_bit, k_setgid_bit}) {
    for (auto [name, argument] : k_mode_calls) builder.refuse_if_bit(name, argument, bit, EPERM);
    if (by_number) builder.refuse_if(k_fchmodat2, EPERM, {2, SCMP_CMP_MASKED_EQ, bit, bit});
  }
}

void refuse_devices(Builder& builder) {
  for (unsigned type : k_device_types) {  // fifos and sockets are fine; scripts make them
    builder.refuse_if("mknod", EPERM, {1, SCMP_CMP_MASKED_EQ, S_IFMT, type});
    builder.refuse_if("mknodat", EPERM, {2, SCMP_CMP_MASKED_EQ, S_IFMT, type});
  }
}

void refuse_new_namespaces(Builder& builder) {
  for (unsigned bit = 1; bit != 0; bit <<= 1) {
    if ((k_clone_new & bit) != 0) builder.refuse_if_bit("clone", 0, bit, EPERM, Refusal::always);
  }
}

void refuse_terminals(Builder& builder) {
  for (unsigned request : {0x5412U /* TIOCSTI */, 0x541CU /* TIOCLINUX */, 0x5423U /* TIOCSETD */}) {
    builder.refuse_if_equal("ioctl", 1, request, EPERM);
  }
}

void refuse_locks(Builder& builder) {
  builder.refuse("flock", 0);
  for (const char* name : {"fcntl", "fcntl64"}) {
    for (unsigned command : {6U /* F_SETLK */, 7U /* F_SETLKW */, 37U /* F_OFD_SETLK */, 38U /* F_OFD_SETLKW */}) {
      builder.refuse_if_equal(name, 1, command, 0);
    }
    for (unsigned command : {1024U /* F_SETLEASE */, 1026U /* F_NOTIFY */}) {
      builder.refuse_if_equal(name, 1, command, EPERM);
    }
  }
}

void refuse_calls(Builder& builder, bool by_number) {
  for (const NamedGroup& group : k_not_permitted) {
    if (has_gap(group.wall)) continue;
    for (const char* name : group.calls) builder.refuse(name, EPERM, group.refusal);
  }
  if (by_number && !has_gap("seccomp-mounts")) {
    for (int number : k_not_permitted_numbers) builder.refuse(number, EPERM);
  }
  if (has_gap("seccomp-not-there")) return;
  builder.refuse("clone3", ENOSYS, Refusal::always);  // its flags cannot be seen
  for (const char* name : k_not_there) builder.refuse(name, ENOSYS);
  if (!by_number) return;
  for (int number : k_not_there_numbers) builder.refuse(number, ENOSYS);
}

void refuse_families(Builder& builder, bool network) {
  if (!network) {
    builder.refuse_if("socket", EAFNOSUPPORT, {0, SCMP_CMP_NE, AF_UNIX, 0});
    return;
  }
  builder.refuse_if("socket", EAFNOSUPPORT, {0, SCMP_CMP_GT, AF_NETLINK, 0});
  for (unsigned family = 0; family < AF_NETLINK; ++family) {
    if (family == AF_UNIX || family == AF_INET || family == AF_INET6) continue;
    builder.refuse_if_equal("socket", 0, family, EAFNOSUPPORT);
  }
}

}  // namespace

namespace {

Builder make_rules(const FilterSpec& spec, std::uint32_t architecture, std::uint64_t cookie) {
  Builder builder(architecture, cookie, spec.log_only);
  const bool by_number = !spec.allow_i386;
  refuse_calls(builder, by_number);
  if (!has_gap("seccomp-clone")) refuse_new_namespaces(builder);
  if (!has_gap("seccomp-personality")) {
    builder.refuse_if("personality", EPERM, {0, SCMP_CMP_NE, k_query_personality, 0});
  }
  // Limits of init, which in a user namespace has the same user.
  if (!has_gap("seccomp-limits")) builder.refuse_if("prlimit64", EPERM, {0, SCMP_CMP_NE, 0, 0});
  if (!has_gap("seccomp-modes")) refuse_modes(builder, by_number);
  if (!has_gap("seccomp-devices")) refuse_devices(builder);
  if (!has_gap("seccomp-terminals")) refuse_terminals(builder);
  if (!has_gap("seccomp-locks")) refuse_locks(builder);
  if (!has_gap("seccomp-sockets")) refuse_families(builder, spec.network);
  return builder;
}

}  // namespace

std::vector<sock_filter> make_filter(const FilterSpec& spec) {
  Builder builder = make_rules(spec, SCMP_ARCH_NATIVE, spec.cookie);
  if (spec.allow_i386) builder.merge(make_rules(spec, SCMP_ARCH_X86, 0));
  return builder.build();
}

}  // namespace ejf::jail
