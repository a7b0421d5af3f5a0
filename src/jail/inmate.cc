// SPDX-License-Identifier: Apache-2.0
// Theory of operation
//
//   zygote --clone3(new pid, mnt, ipc)--> init (pid 1 of the job) --clone(vm)--> target --exec--> the program
//
// init is root of the jail's user namespace, or of the machine, not dumpable, and runs only our code. First it makes
// the room: its death signal, and a /proc of its own pid namespace in its private copy of the zygote's read-only mount
// tree. Then it starts the target and reaps orphans until the target has ended. When it has no child left then, nothing
// else is in its pid namespace, for orphans come to it: the job is over, whatever init still has to do to end (the
// kernel takes its mounts apart, 0.1 ms and more, for which nobody waits). Else it ends, and the kernel kills all that
// is left in the pid namespace before the broker sees init's end. Either way nothing of a job outlives its report.
//
// The target waits for the job (job_init.cc), so that nothing but itself has to be made or woken up when one comes. It
// attaches the box and the visible paths, and becomes the program.
//
// The filter was loaded by the zygote, and all of these processes have it. The calls that it refuses and we need
// (mount, move_mount, clone3, unshare) have an argument less than the system call interface can carry; there they carry
// a number that was drawn at start, and the filter lets them pass. The program does not know it: exec wipes the memory
// and the registers that held it.
//
// The target shares init's memory until exec, on a stack of its own, so what failed is simply written to a variable of
// init's, which meanwhile waits for the target's end (without namespaces also for the word to end it). If it is killed
// before exec it writes nothing; then the kernel's own flag in /proc tells that it was never the program. The order of
// its steps is the argument: descriptors and limits first, then the ids while the right to change them is there, then
// no rights at all, then the directory as the job's own user, then the program.
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
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstddef>
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
    {Step::cgroup_namespace, "hide the control groups"},
    {Step::attach_box, "mount /sandbox"},
    {Step::attach_visible, "mount a visible path"},
    {Step::mount_proc, "mount /proc"},
    {Step::fork_target, "clone the target"},
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
    {Step::execute, "execute"},
};

template <typename Subject>
struct StepAct {
  Step step;
  long (*act)(const Subject&) noexcept;
};

template <typename Subject, std::size_t N>
Failure walk(const StepAct<Subject> (&steps)[N], const Subject& subject) noexcept {
  for (const StepAct<Subject>& each : steps) {
    if (each.act(subject) < 0) return {each.step, errno};
  }
  return {};
}

/// The broker may have died between clone and prctl; then its end of the channel is closed.
long die_with_broker(const Room& room) noexcept {
  int signal = room.namespaces ? SIGKILL : SIGTERM;  // as a subreaper init has to clean up first
  if (::prctl(PR_SET_PDEATHSIG, signal) != 0) return -1;
  pollfd channel{room.channel, 0, 0};
  if (::poll(&channel, 1, 0) > 0 && (channel.revents & POLLHUP) != 0) ::_exit(1);
  return 0;
}

long hide_control_groups(const Room& room) noexcept {
  return room.own_cgroup_namespace ? ::syscall(SYS_unshare, CLONE_NEWCGROUP, 0, 0, 0, 0, room.cookie) : 0;
}

long mount_proc(const Room& room) noexcept {
  if (!room.namespaces) return 0;
  const char* options = has_gap("proc") ? "" : "hidepid=2,subset=pid";
  return ::syscall(SYS_mount, "proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, options, room.cookie);
}

void block_signals() noexcept {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGCHLD);
  ::sigaddset(&set, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
}

/// Without namespaces init is who gets the orphans, and waits for signals that it blocks.
long become_subreaper(const Room& room) noexcept {
  if (room.namespaces) return 0;
  block_signals();
  return ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

constexpr StepAct<Room> k_room[] = {
    {Step::death_signal, become_subreaper},
    {Step::death_signal, die_with_broker},
    {Step::cgroup_namespace, hide_control_groups},
    {Step::mount_proc, mount_proc},
};

long attach(const Inmate& inmate, int mount, const char* path) noexcept {
  return ::syscall(SYS_move_mount, mount, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH, inmate.room.cookie);
}

long attach_box(const Inmate& inmate) noexcept {
  return inmate.room.namespaces ? attach(inmate, inmate.box, k_box_path) : 0;
}

long attach_visible(const Inmate& inmate) noexcept {
  for (const MountAt& each : inmate.visible) {
    if (attach(inmate, each.mount, each.path) != 0) return -1;
  }
  return 0;
}

constexpr StepAct<Inmate> k_furniture[] = {
    {Step::attach_box, attach_box},
    {Step::attach_visible, attach_visible},
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
  const long made = ::syscall(SYS_unshare, CLONE_NEWUSER, 0, 0, 0, 0, inmate.room.cookie);
  if (made != 0 || !empty_bounding_set()) return -1;
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

// Plain system calls: the C library's functions would tell init's threads, of which the target has none.
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
  return inmate.room.namespaces ? 0 : ::prctl(PR_SET_PDEATHSIG, SIGKILL);
}

long execute(const Inmate& inmate) noexcept {
  return ::execve(inmate.argv[0], inmate.argv, inmate.env);
}

constexpr StepAct<Inmate> k_target[] = {
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
    {Step::execute, execute},
};

/// A plain system call: the first look at the page of the C library's costs more.
std::int64_t now_us() noexcept {
  constexpr std::int64_t k_us = 1'000'000;
  constexpr std::int64_t k_ns_per_us = 1000;
  timespec now{};
  ::syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
  return now.tv_sec * k_us + now.tv_nsec / k_ns_per_us;
}

/// Reaps one child: 0 when `options` say not to wait, -1 when there is none. `end` is filled in for the target.
pid_t reap(int options, pid_t target, InitReport& end) noexcept {
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
void wait_for_target(pid_t target, InitReport& end) noexcept {
  for (;;) {
    pid_t pid = reap(0, target, end);
    if (pid == target || (pid < 0 && errno != EINTR)) return;
  }
}

/// The same for a subreaper, which must also wake up when the broker has died: SIGTERM, its death signal.
void wait_for_target_or_term(pid_t target, InitReport& end, bool& told_to_end) noexcept {
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
void kill_all_of_user(const TargetNotes& notes) noexcept {
  if (notes.own_uid == 0) return;
  pid_t pid = ::vfork();
  if (pid == 0) {
    if (::syscall(SYS_setresuid, notes.own_uid, notes.own_uid, notes.own_uid) == 0) ::kill(-1, SIGKILL);
    ::_exit(0);
  }
}

void kill_the_rest(const TargetNotes& notes, pid_t target) noexcept {
  // We are a subreaper: no child left means that nothing of the job is left.
  if (::wait4(-1, nullptr, WNOHANG, nullptr) < 0) return;
  ::kill(-target, SIGKILL);
  kill_all_of_user(notes);
  do {
    kill_children();
  } while (::wait4(-1, nullptr, 0, nullptr) > 0 || errno == EINTR);
}

/// Whether no child is left, after those that have ended.
bool is_alone() noexcept {
  pid_t pid = 0;
  while ((pid = ::wait4(-1, nullptr, WNOHANG, nullptr)) > 0) {
  }
  return pid < 0;
}

void add_usage(InitReport& report) noexcept {
  constexpr std::int64_t k_us = 1'000'000;
  constexpr unsigned k_kib = 10;
  rusage used{};
  ::getrusage(RUSAGE_CHILDREN, &used);
  report.cpu_us = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * k_us + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
  report.largest_process = static_cast<std::uint64_t>(used.ru_maxrss) << k_kib;
}

}  // namespace

void send_report(int channel, const InitReport& report) noexcept {
  while (::send(channel, &report, sizeof report, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

[[noreturn]] void give_up(int channel, Failure failure) noexcept {
  InitReport report;
  report.what = InitReport::What::failed;
  report.step = failure.step;
  report.error = failure.error;
  send_report(channel, report);
  ::_exit(1);
}

void unblock_signals() noexcept {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool die_with_init(const Room& room, pid_t init) noexcept {
  return room.namespaces || (::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::getppid() == init);
}

Failure make_room(const Room& room) noexcept {
  return walk(k_room, room);
}

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

[[noreturn]] void run_init(const Room& room, int (*live)(void*), void* argument, const TargetNotes& notes) noexcept {
  // The target's stack, of which it needs 5 KiB: each page costs a page fault. The first is a guard; what we call uses
  // the stack below it.
  constexpr std::size_t k_page = 4096;
  constexpr std::size_t k_stack = 9 * k_page;
  alignas(k_page) char stack[k_stack];
  if (::mprotect(stack, k_page, PROT_NONE) != 0) give_up(room.channel, {Step::fork_target, errno});
  send_report(room.channel, InitReport{});
  // Where a job waits already, only one of us has something to do: it gets the processor.
  pollfd order{room.channel, POLLIN, 0};
  const bool order_is_there = ::poll(&order, 1, 0) > 0;
  const int flags = CLONE_VM | SIGCHLD | (order_is_there ? CLONE_VFORK : 0);
  const pid_t target = ::clone(live, stack + k_stack, flags, argument);
  if (target < 0) give_up(room.channel, {Step::fork_target, errno});
  bool told_to_end = false;
  InitReport report;
  report.what = InitReport::What::ended;
  if (room.namespaces) {
    wait_for_target(target, report);
  } else {
    wait_for_target_or_term(target, report, told_to_end);
    kill_the_rest(notes, target);
  }
  if (!notes.has_order || notes.has_reported) ::_exit(1);
  if (notes.failure) give_up(room.channel, notes.failure);
  report.real_us = now_us() - notes.started_us;
  report.alone = is_alone();
  add_usage(report);
  if (!told_to_end) send_report(room.channel, report);
  ::_exit(0);
}

[[noreturn]] void run_target(const Inmate& inmate, TargetNotes& notes) noexcept {
  notes.own_uid = inmate.change_user ? inmate.uid : 0;
  notes.started_us = now_us();
  notes.has_order = true;
  notes.failure = walk(k_furniture, inmate);
  if (notes.failure) ::_exit(1);
  notes.failure = walk(k_target, inmate);
  ::_exit(1);
}

}  // namespace ejf::jail
