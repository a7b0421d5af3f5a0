// SPDX-License-Identifier: Apache-2.0
#include "jail/privileges.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "base/error.h"
#include "base/unique_fd.h"

namespace ejf::jail {

namespace {

/// The caller's may be so low that a job fails, or so that root's work stops half-way. Process 1 has the machine's, but
/// for open files, of which service managers give themselves more than is good for others. In a container even root may
/// be kept from raising them.
void raise_limits() {
  for (int i = 0; i < RLIMIT_NLIMITS; ++i) {
    const auto resource = static_cast<__rlimit_resource>(i);
    rlimit limit{};
    rlimit own{};
    if (::prlimit(1, resource, nullptr, &limit) != 0) throw SysError("prlimit", "process 1");
    if (resource == RLIMIT_NOFILE) limit = {1024, 524288};
    if (::prlimit(0, resource, &limit, nullptr) == 0) continue;
    if (errno != EPERM || ::prlimit(0, resource, nullptr, &own) != 0) throw SysError("prlimit", "");
    limit = {std::min(limit.rlim_cur, own.rlim_max), std::min(limit.rlim_max, own.rlim_max)};
    if (::prlimit(0, resource, &limit, nullptr) != 0) throw SysError("prlimit", "");
  }
}

void take_schedule() {
  if (::setpriority(PRIO_PROCESS, 0, 0) != 0) throw SysError("setpriority", "0");
  const sched_param ordinary{};
  if (::sched_setscheduler(0, SCHED_OTHER, &ordinary) != 0) throw SysError("sched_setscheduler", "SCHED_OTHER");
  cpu_set_t all;
  __builtin_memset(&all, 0xff, sizeof all);
  if (::sched_setaffinity(0, sizeof all, &all) != 0) throw SysError("sched_setaffinity", "all processors");
  const itimerval none{};
  for (auto timer : {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF}) {
    if (::setitimer(timer, &none, nullptr) != 0) throw SysError("setitimer", "none");
  }
}

/// Standard input and output are /dev/null, and so is a standard error that is closed: else the next file that is
/// opened would be it.
void keep_descriptors(int socket) {
  if (socket <= STDERR_FILENO) throw UsageError("the broker's descriptor is a standard one");
  UniqueFd null{::open("/dev/null", O_RDWR | O_CLOEXEC)};
  if (!null) throw SysError("open", "/dev/null");
  const bool has_stderr = ::fcntl(STDERR_FILENO, F_GETFD) >= 0;
  for (int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (standard == STDERR_FILENO && has_stderr) continue;
    if (::dup2(null.get(), standard) < 0) throw SysError("dup2", "/dev/null");
  }
  if (null.get() <= STDERR_FILENO) null.release();
  const auto first = static_cast<unsigned>(STDERR_FILENO + 1);
  const auto kept = static_cast<unsigned>(socket);
  if (kept > first && ::close_range(first, kept - 1, 0) != 0) throw SysError("close_range", "below the socket");
  if (::close_range(kept + 1, ~0U, 0) != 0) throw SysError("close_range", "above the socket");
  null.release();  // closed with the others
}

}  // namespace

bool is_set_user_id() noexcept {
  return ::geteuid() != ::getuid() || ::getegid() != ::getgid();
}

void give_up_set_user_id() {
  if (!is_set_user_id()) return;
  const uid_t uid = ::getuid();
  const gid_t gid = ::getgid();
  if (::setresgid(gid, gid, gid) != 0 || ::setresuid(uid, uid, uid) != 0) throw SysError("become", "who started this");
  if (uid != 0 && (::setuid(0) == 0 || ::geteuid() != uid)) throw Error("root's rights could not be given up");
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) throw SysError("prctl", "PR_SET_NO_NEW_PRIVS");
  if (::prctl(PR_SET_DUMPABLE, 1) != 0) throw SysError("prctl", "PR_SET_DUMPABLE");  // our own /proc/self is ours again
}

void become_root(int socket) {
  if (::setgroups(0, nullptr) != 0 || ::setresgid(0, 0, 0) != 0) throw SysError("setgid", "root");
  if (::setresuid(0, 0, 0) != 0) throw SysError("setuid", "root");
  keep_descriptors(socket);
  if (::clearenv() != 0) throw Error("the environment could not be cleared");
  static_cast<void>(::setsid());  // fails for who leads a group already, and needs it no more then
  ::umask(077);
  if (::chdir("/") != 0) throw SysError("chdir", "/");
}

void take_limits_of_the_machine() {
  raise_limits();
  take_schedule();
}

void become_user(const Rights& rights) {
  if (::setgroups(rights.groups.size(), rights.groups.data()) != 0) throw SysError("setgroups", "of the client");
  if (::setresgid(rights.gid, rights.gid, rights.gid) != 0) throw SysError("setgid", std::to_string(rights.gid));
  if (::setresuid(rights.uid, rights.uid, rights.uid) != 0) throw SysError("setuid", std::to_string(rights.uid));
  if (::setuid(0) == 0) throw Error("root's rights could not be given up");
  if (::prctl(PR_SET_DUMPABLE, 1) != 0) throw SysError("prctl", "PR_SET_DUMPABLE");
}

}  // namespace ejf::jail
