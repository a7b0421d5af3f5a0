// SPDX-License-Identifier: Apache-2.0
// Theory of operation
//
//   zygote --clone3(new pid, mnt, ipc)--> init (pid 1 of the job) --vfork--> target --exec--> the program
//
// init is root of the jail's user namespace, or of the machine, not dumpable, and runs only the code below. It attaches
// the box and a /proc of its own pid namespace to its private copy of the zygote's read-only mount tree, starts the
// target and reaps orphans until the target has ended. Then it reports and ends, and the kernel kills all that is left
// in the pid namespace before the broker sees init's end: so nothing of a job outlives its report.
//
// The target shares init's memory until exec (vfork), so what failed is simply written to a variable of init's. If it
// is killed before exec it writes nothing; then the kernel's own flag in /proc tells that it was never the program. The
// order of its steps is the argument: descriptors and limits first, then the ids while the right to change them is
// there, then no rights at all, then the directory as the job's own user, then the filter, then the program.
//
// Without namespaces (Mode::none) init is a subreaper instead: orphans come to it, and at the end it kills its
// children until it has none.
//
// Who dies first: the broker's death kills zygotes and inits (PR_SET_PDEATHSIG), and init's death kills the job.
#include "jail/inmate.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "jail/gap.h"
#include "jail/view.h"

namespace ejf::jail {

namespace {

struct StepName {
  Step step;
  const char* name;
};
constexpr StepName k_step_names[] = {
    {Step::none, "nothing"},
    {Step::zygote, "set up"},
    {Step::clone_init, "clone"},
    {Step::death_signal, "set the death signal"},
    {Step::attach_box, "mount /sandbox"},
    {Step::attach_visible, "mount a visible path"},
    {Step::mount_proc, "mount /proc"},
    {Step::fork_target, "vfork"},
    {Step::new_session, "setsid"},
    {Step::standard_streams, "dup2"},
    {Step::own_user_namespace, "make a user namespace of the job"},
    {Step::close_descriptors, "close_range"},
    {Step::rlimits, "setrlimit"},
    {Step::groups, "setgroups"},
    {Step::group, "setresgid"},
    {Step::user, "setresuid"},
    {Step::capabilities, "drop capabilities"},
    {Step::new_privileges, "set no_new_privs"},
    {Step::directory, "enter the working directory"},
    {Step::seccomp, "load the seccomp filter"},
    {Step::execute, "execute"},
};

using Act = long (*)(const Inmate&) noexcept;
struct StepAct {
  Step step;
  Act act;
};

template <std::size_t N>
Failure walk(const StepAct (&steps)[N], const Inmate& inmate) noexcept {
  for (const StepAct& each : steps) {
    if (each.act(inmate) < 0) return {each.step, errno};
  }
  return {};
}

/// The broker may have died between clone and prctl; then its end of the channel is closed.
long die_with_broker(const Inmate& inmate) noexcept {
  int signal = inmate.namespaces ? SIGKILL : SIGTERM;  // as a subreaper init has to clean up first
  if (::prctl(PR_SET_PDEATHSIG, signal) != 0) return -1;
  pollfd channel{inmate.channel, 0, 0};
  if (::poll(&channel, 1, 0) > 0 && (channel.revents & POLLHUP) != 0) ::_exit(1);
  return 0;
}

long attach_box(const Inmate& inmate) noexcept {
  return ::move_mount(inmate.box, "", AT_FDCWD, k_box_path, MOVE_MOUNT_F_EMPTY_PATH);
}

long attach_visible(const Inmate& inmate) noexcept {
  for (const MountAt& each : inmate.visible) {
    if (::move_mount(each.mount, "", AT_FDCWD, each.path, MOVE_MOUNT_F_EMPTY_PATH) != 0) return -1;
  }
  return 0;
}

long mount_proc(const Inmate&) noexcept {
  const char* options = has_gap("proc") ? "" : "hidepid=2,subset=pid";
  return ::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, options);
}

constexpr StepAct k_room[] = {
    {Step::death_signal, die_with_broker},
    {Step::attach_box, attach_box},
    {Step::attach_visible, attach_visible},
    {Step::mount_proc, mount_proc},
};

long standard_streams(const Inmate& inmate) noexcept {
  if (::dup2(inmate.input, 0) < 0 || ::dup2(inmate.output, 1) < 0) return -1;
  return ::dup2(inmate.output, 2);
}

long close_descriptors(const Inmate&) noexcept {
  constexpr int k_some = 64;
  for (int fd = 3; has_gap("descriptors") && fd < k_some; ++fd) static_cast<void>(::fcntl(fd, F_SETFD, 0));
  return has_gap("descriptors") ? 0 : ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
}

bool write_to(const char* path, const char* text, std::size_t size) noexcept {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  const bool written = ::write(fd, text, size) == static_cast<ssize_t>(size);
  const int error = errno;
  ::close(fd);
  errno = error;
  return written;
}

/// A new user namespace comes with a full bounding set.
bool empty_bounding_set() noexcept {
  constexpr int k_last_capability = 63;  // of any kernel; EINVAL beyond this one's last
  for (int capability = 0; capability <= k_last_capability; ++capability) {
    if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) return errno == EINVAL;
  }
  return true;
}

/// A user, whom several jobs share when we are not root, has one number of processes in each user namespace. So one
/// job's fork bomb leaves the others theirs. The id stays the same; what else belongs to a user namespace (mounts,
/// pids) stays with the one above, so rights in this one are worth nothing. Before the limits: those of the maker hold
/// above.
long make_user_namespace(const Inmate& inmate) noexcept {
  if (!inmate.own_user_namespace) return 0;
  constexpr std::size_t k_number = 12;  // characters of an id, with room to spare
  char map[3 * k_number];
  char* end = std::to_chars(map, map + k_number, inmate.uid).ptr;
  *end++ = ' ';
  end = std::to_chars(end, end + k_number, inmate.uid).ptr;
  for (const char* c = " 1\n"; *c != '\0'; ++c) *end++ = *c;
  const auto size = static_cast<std::size_t>(end - map);
  if (::syscall(SYS_unshare, CLONE_NEWUSER) != 0 || !empty_bounding_set()) return -1;
  // The files in /proc of who is not dumpable belong to root. Nothing of the job runs yet that could look at us.
  if (::prctl(PR_SET_DUMPABLE, 1) != 0) return -1;
  constexpr char k_deny[] = "deny";
  const bool done = write_to("/proc/self/setgroups", k_deny, sizeof k_deny - 1) &&
                    write_to("/proc/self/uid_map", map, size) && write_to("/proc/self/gid_map", map, size);
  return done ? ::prctl(PR_SET_DUMPABLE, 0) : -1;
}

long set_limits(const Inmate& inmate) noexcept {
  for (const Limit& limit : inmate.limits) {
    if (::syscall(SYS_prlimit64, 0, limit.resource, &limit.value, nullptr) != 0) return -1;
  }
  return 0;
}

// Plain system calls: the C library's functions would tell init's threads, of which a vfork child has none.
long drop_groups(const Inmate& inmate) noexcept {
  return inmate.change_user ? ::syscall(SYS_setgroups, 0, nullptr) : 0;
}
long change_group(const Inmate& inmate) noexcept {
  return inmate.change_user ? ::syscall(SYS_setresgid, inmate.uid, inmate.uid, inmate.uid) : 0;
}
long change_user(const Inmate& inmate) noexcept {
  return inmate.change_user ? ::syscall(SYS_setresuid, inmate.uid, inmate.uid, inmate.uid) : 0;
}

long drop_capabilities(const Inmate&) noexcept {
  if (has_gap("capabilities")) return 0;
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
  if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return -1;
  return ::syscall(SYS_capset, &header, none);
}

long give_up_new_privileges(const Inmate&) noexcept {
  return has_gap("no-new-privileges") ? 0 : ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/// Changing the user cleared it, so without namespaces the target would outlive a killed init.
long keep_death_signal(const Inmate& inmate) noexcept {
  return inmate.namespaces ? 0 : ::prctl(PR_SET_PDEATHSIG, SIGKILL);
}

long load_filter(const Inmate& inmate) noexcept {
  if (inmate.filter == nullptr || has_gap("seccomp")) return 0;
  return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, inmate.filter);
}

long execute(const Inmate& inmate) noexcept {
  return ::execve(inmate.argv[0], inmate.argv, inmate.env);
}

constexpr StepAct k_target[] = {
    {Step::new_session, [](const Inmate&) noexcept -> long { return ::setsid(); }},
    {Step::standard_streams, standard_streams},
    {Step::own_user_namespace, make_user_namespace},
    {Step::close_descriptors, close_descriptors},
    {Step::rlimits, set_limits},
    {Step::groups, drop_groups},
    {Step::group, change_group},
    {Step::user, change_user},
    {Step::capabilities, drop_capabilities},
    {Step::new_privileges, give_up_new_privileges},
    {Step::death_signal, keep_death_signal},
    {Step::directory, [](const Inmate& inmate) noexcept -> long { return ::chdir(inmate.directory); }},
    {Step::seccomp, load_filter},
    {Step::execute, execute},
};

/// The target gets default signal handling; init itself has no handlers and blocks what it waits for.
void unblock_signals() noexcept {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Returns the target's pid, or -1 with `failure` set. vfork: init stands still until the target has executed or ended,
/// so `failure` needs no pipe.
pid_t start_target(const Inmate& inmate, volatile Failure& failure) noexcept {
  pid_t pid = ::vfork();
  if (pid == 0) {
    unblock_signals();
    Failure mine = walk(k_target, inmate);
    failure.error = mine.error;
    failure.step = mine.step;
    ::_exit(127);
  }
  if (pid < 0) {
    failure.error = errno;
    failure.step = Step::fork_target;
  }
  return pid;
}

void send(const Inmate& inmate, const ZygoteReport& report) noexcept {
  while (::send(inmate.channel, &report, sizeof report, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

[[noreturn]] void give_up(const Inmate& inmate, Failure failure) noexcept {
  ZygoteReport report;
  report.what = ZygoteReport::What::failed;
  report.step = failure.step;
  report.error = failure.error;
  report.run = inmate.run;
  send(inmate, report);
  ::_exit(1);
}

std::int64_t now_us() noexcept {
  constexpr std::int64_t k_us = 1'000'000;
  constexpr std::int64_t k_ns_per_us = 1000;
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * k_us + now.tv_nsec / k_ns_per_us;
}

/// Reaps one child: 0 when `options` say not to wait, -1 when there is none. `end` is filled in for the target.
pid_t reap(int options, pid_t target, ZygoteReport& end) noexcept {
  siginfo_t info{};
  if (::waitid(P_ALL, 0, &info, WEXITED | WNOWAIT | options) != 0) return -1;
  if (info.si_pid == 0) return 0;
  if (info.si_pid == target && info.si_code == CLD_KILLED) end.executed = has_executed(target);
  int status = 0;
  ::wait4(info.si_pid, &status, 0, nullptr);
  if (info.si_pid == target) end.status = status;
  return info.si_pid;
}

/// Reaps orphans until the target has ended.
void wait_for_target(pid_t target, ZygoteReport& end) noexcept {
  for (;;) {
    pid_t pid = reap(0, target, end);
    if (pid == target || (pid < 0 && errno != EINTR)) return;
  }
}

/// The same for a subreaper, which must also wake up when the broker has died: SIGTERM, its death signal.
void wait_for_target_or_term(pid_t target, ZygoteReport& end, bool& told_to_end) noexcept {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGCHLD);
  ::sigaddset(&set, SIGTERM);
  for (;;) {
    for (pid_t pid = 0; (pid = reap(WNOHANG, target, end)) > 0;) {
      if (pid == target) return;
    }
    told_to_end = ::sigwaitinfo(&set, nullptr) == SIGTERM;
    if (told_to_end) return;
  }
}

/// Kills what /proc says are our children, whatever session they moved to. Theirs come to us when they are dead.
void kill_children() noexcept {
  char list[4096];
  int fd = ::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  ssize_t n = ::read(fd, list, sizeof list - 1);
  ::close(fd);
  list[n < 0 ? 0 : n] = '\0';
  char* end = list;
  for (char* at = list; *at != '\0'; at = end) {
    long pid = std::strtol(at, &end, 10);
    if (end == at || *end != ' ') break;  // a pid that the buffer cut in two is left for the next round
    ::kill(static_cast<pid_t>(pid), SIGKILL);
    while (*end == ' ') ++end;
  }
}

/// As root the slot's user id is the job's alone, so one call reaches all of it at once, a fork bomb too.
void kill_all_of_user(const Inmate& inmate) noexcept {
  if (!inmate.change_user) return;
  pid_t pid = ::vfork();
  if (pid == 0) {
    if (::syscall(SYS_setresuid, inmate.uid, inmate.uid, inmate.uid) == 0) ::kill(-1, SIGKILL);
    ::_exit(0);
  }
}

void kill_the_rest(const Inmate& inmate, pid_t target) noexcept {
  // We are a subreaper: no child left means that nothing of the job is left.
  if (::wait4(-1, nullptr, WNOHANG, nullptr) < 0) return;
  ::kill(-target, SIGKILL);
  kill_all_of_user(inmate);
  do {
    kill_children();
  } while (::wait4(-1, nullptr, 0, nullptr) > 0 || errno == EINTR);
}

void block_signals() noexcept {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGCHLD);
  ::sigaddset(&set, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace

const char* step_name(Step step) noexcept {
  for (const StepName& each : k_step_names) {
    if (each.step == step) return each.name;
  }
  return "unknown step";
}

bool has_executed(pid_t pid) noexcept {
  constexpr unsigned long k_fork_no_exec = 0x40;  // PF_FORKNOEXEC of the kernel: set by fork, cleared by exec
  constexpr int k_flags = 7;                      // its field behind the name (proc(5))
  char path[64] = "/proc/";
  char* end = std::to_chars(path + 6, path + 32, pid).ptr;
  for (const char* c = "/stat"; *c != '\0'; ++c) *end++ = *c;
  *end = '\0';
  char text[1024];
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  const ssize_t n = ::read(fd, text, sizeof text - 1);
  ::close(fd);
  text[n < 0 ? 0 : n] = '\0';
  const char* at = std::strrchr(text, ')');
  for (int field = 0; at != nullptr && field < k_flags; ++field) at = std::strchr(at + 1, ' ');
  return at == nullptr || (std::strtoul(at, nullptr, 10) & k_fork_no_exec) == 0;
}

[[noreturn]] void run_init(const Inmate& inmate) noexcept {
  Failure failure;
  if (inmate.namespaces) {
    failure = walk(k_room, inmate);
  } else {
    block_signals();
    if (die_with_broker(inmate) < 0 || ::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) failure = {Step::death_signal, errno};
  }
  if (failure) give_up(inmate, failure);
  volatile Failure of_target;
  std::int64_t started = now_us();
  pid_t target = start_target(inmate, of_target);
  failure = {of_target.step, of_target.error};
  if (failure) give_up(inmate, failure);
  bool told_to_end = false;
  ZygoteReport report;
  report.what = ZygoteReport::What::ended;
  report.run = inmate.run;
  if (inmate.namespaces) {
    wait_for_target(target, report);
  } else {
    wait_for_target_or_term(target, report, told_to_end);
    kill_the_rest(inmate, target);
  }
  report.real_us = now_us() - started;
  if (!told_to_end) send(inmate, report);
  ::_exit(0);
}

}  // namespace ejf::jail
