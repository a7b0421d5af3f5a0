// SPDX-License-Identifier: Apache-2.0
// A zygote is a process of one slot that has done, once, all that is expensive: its network namespace (0.3 to 0.6 ms),
// its mount tree (0.3 ms), joining control groups (up to 19 ms), loading the filter (0.1 ms). It then makes inits, by
// one clone3 each, for jobs that are not known yet; how an init and a job come together is told in broker_inits.cc.
// What each of its namespaces prevents:
//   mnt     seeing or changing files of the host that the view does not show
//   net     any network, loopback of the host and abstract sockets included (not with RunSpec::network); with
//           RunSpec::loopback it has a loopback interface of its own
//   uts     learning the host's name
//   cgroup  learning where in the hierarchy it is (with v2 each job has its own: it is put into its group by clone3)
// and, fresh for each job: pid (seeing, signalling, outliving), ipc (meeting other jobs), mnt (its box, its /proc).
#include "jail/zygote.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/error.h"
#include "base/files.h"
#include "jail/gap.h"
#include "jail/inmate.h"
#include "jail/job_init.h"

namespace ejf::jail {

namespace {

class Zygote {
 public:
  explicit Zygote(const ZygoteSpec& spec) : spec_(spec) {}

  void set_up() {
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) throw SysError("prctl", "PR_SET_PDEATHSIG");
    if (::getppid() != spec_.broker) ::_exit(1);
    ::umask(022);
    // Rather the compiler than its server, when the whole machine is out of memory.
    write_all(open_at(AT_FDCWD, "/proc/self/oom_score_adj", O_WRONLY).get(), "500", "oom_score_adj");
    spec_.groups->join(spec_.slot);
    UniqueFd view;
    if (spec_.mode == Mode::full) {
      int namespaces =
          CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWCGROUP | (spec_.network == Network::host ? 0 : CLONE_NEWNET);
      if (has_gap("network-namespace")) namespaces &= ~CLONE_NEWNET;
      // A hierarchy that is mounted with nsdelegate lets nobody put a process into a group out of his namespace's
      // sight.
      if (has_gap("cgroup-namespace") || jobs_are_put_into_groups(spec_)) namespaces &= ~CLONE_NEWCGROUP;
      if (::unshare(namespaces) != 0) throw SysError("unshare", "mnt, uts, cgroup, net");
      if (spec_.network == Network::loopback) bring_up_loopback();
      constexpr const char k_name[] = "sandbox";
      if (::sethostname(k_name, sizeof k_name - 1) != 0) throw SysError("sethostname", k_name);
      if (::umount2(spec_.staging.c_str(), MNT_DETACH) != 0) throw SysError("umount", spec_.staging);
      view = enter_view(spec_.view, spec_.staging);
    }
    keep_descriptors(view.release());
    if (::prctl(PR_SET_DUMPABLE, 0) != 0) throw SysError("prctl", "PR_SET_DUMPABLE");
    load_filter();
  }

  /// Mount points that jobs needed stay in the view: after many it ends, and the broker makes another with a new one.
  void serve() {
    constexpr std::uint64_t k_many = 1000;
    const std::uint64_t free = free_in_view();
    Message message;
    while (free_in_view() + k_many >= free && receive_message(k_channel, message, 0) == Received::message) {
      Decoder decoder(std::move(message));
      decoder.take<Kind>();
      clone_init(decoder.take<InitOrder>());
      message = {};
    }
  }

  /// Files that can still be made there.
  std::uint64_t free_in_view() const {
    struct statfs st {};
    if (spec_.mode == Mode::full && ::fstatfs(k_view, &st) != 0) throw SysError("statfs", "view");
    return st.f_ffree;
  }

  int channel() const noexcept { return moved_ ? k_channel : spec_.channel; }

 private:
  /// All other descriptors of the broker go: sockets and boxes of other jobs among them.
  void keep_descriptors(int view) {
    constexpr int k_parking = 200;
    int channel = ::fcntl(spec_.channel, F_DUPFD_CLOEXEC, k_parking);
    int null = ::fcntl(spec_.null, F_DUPFD_CLOEXEC, k_parking);
    int parked_view = view < 0 ? null : ::fcntl(view, F_DUPFD_CLOEXEC, k_parking);
    if (channel < 0 || null < 0 || parked_view < 0) throw SysError("duplicate", "descriptors");
    if (::dup3(channel, k_channel, O_CLOEXEC) < 0 || ::dup3(null, k_null, O_CLOEXEC) < 0 ||
        ::dup3(parked_view, k_view, O_CLOEXEC) < 0 || ::close_range(k_first_free, ~0U, 0) != 0) {
      throw SysError("move", "descriptors");
    }
    moved_ = true;
  }

  /// All jobs inherit it, and so does every process of ours from here on: what it refuses to them and we need opens
  /// with the cookie. Without no_new_privs, which the target sets, to load it takes a right that only root has.
  void load_filter() const {
    if (spec_.filter->empty() || has_gap("seccomp")) return;
    const sock_fprog program{static_cast<unsigned short>(spec_.filter->size()),
                             const_cast<sock_filter*>(spec_.filter->data())};
    if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) throw SysError("load", "the seccomp filter");
  }

  void clone_init(InitOrder order) const {
    clone_args args{};
    args.flags = CLONE_PARENT;  // the broker reaps init and learns what it used, whatever happens to the zygote
    if (spec_.mode == Mode::full) args.flags |= CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC;
    if (has_gap("pid-namespace")) args.flags &= ~std::uint64_t{CLONE_NEWPID};
    if (has_gap("ipc-namespace")) args.flags &= ~std::uint64_t{CLONE_NEWIPC};
    if (order.clone_into) {
      args.flags |= CLONE_INTO_CGROUP;
      args.cgroup = static_cast<__u64>(order.clone_into.get());
    }
    const long pid = ::syscall(SYS_clone3, &args, sizeof args, 0, 0, 0, spec_.cookie);
    if (pid == 0) live_as_init(spec_, order.channel.get());
    if (pid > 0) return;
    const SysError error(step_name(Step::clone_init), "init of the job");
    tell_failure(order.channel.get(), error.what());
  }

  const ZygoteSpec& spec_;
  bool moved_ = false;
};

}  // namespace

[[noreturn]] void run_zygote(const ZygoteSpec& spec) noexcept {
  Zygote zygote(spec);
  try {
    zygote.set_up();
    zygote.serve();
  } catch (const std::exception& error) {
    tell_failure(zygote.channel(), error.what());
    ::_exit(1);
  }
  ::_exit(0);
}

bool jobs_are_put_into_groups(const ZygoteSpec& spec) noexcept {
  return spec.groups->clone_into(spec.slot) >= 0;
}

void tell_failure(int channel, const char* text) noexcept {
  InitReport report;
  report.what = InitReport::What::failed;
  report.step = Step::zygote;
  std::strncpy(report.text, text, sizeof report.text - 1);
  send_report(channel, report);
}

}  // namespace ejf::jail
