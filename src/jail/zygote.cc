// SPDX-License-Identifier: Apache-2.0
// A zygote is a process of one slot that has done, once, all that is expensive: its network namespace (0.3 to 0.6 ms),
// its mount tree (0.3 ms), joining control groups (up to 19 ms). A job is then one clone3 and a handful of mounts.
// What each of its namespaces prevents:
//   mnt     seeing or changing files of the host that the view does not show
//   net     any network, loopback of the host and abstract sockets included (not with RunSpec::network); with
//           RunSpec::loopback it has a loopback interface of its own
//   uts     learning the host's name
//   cgroup  learning where in the hierarchy it is
// and, fresh for each job: pid (seeing, signalling, outliving), ipc (meeting other jobs), mnt (its box, its /proc).
#include "jail/zygote.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include "base/error.h"
#include "base/files.h"
#include "jail/gap.h"
#include "jail/inmate.h"

namespace ejf::jail {

namespace {

constexpr int k_channel = 3;
constexpr int k_null = 4;
constexpr int k_view = 5;

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  out.reserve(strings.size() + 1);
  for (std::string& s : strings) out.push_back(s.data());
  out.push_back(nullptr);
  return out;
}

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
      if (has_gap("cgroup-namespace")) namespaces &= ~CLONE_NEWCGROUP;
      if (::unshare(namespaces) != 0) throw SysError("unshare", "mnt, uts, cgroup, net");
      if (spec_.network == Network::loopback) bring_up_loopback();
      constexpr const char k_name[] = "sandbox";
      if (::sethostname(k_name, sizeof k_name - 1) != 0) throw SysError("sethostname", k_name);
      if (::umount2(spec_.staging.c_str(), MNT_DETACH) != 0) throw SysError("umount", spec_.staging);
      view = enter_view(spec_.view, spec_.staging);
    }
    keep_descriptors(view.release());
    if (::prctl(PR_SET_DUMPABLE, 0) != 0) throw SysError("prctl", "PR_SET_DUMPABLE");
  }

  void serve() {
    Message message;
    while (receive_message(k_channel, message, 0) == Received::message) {
      Decoder decoder(std::move(message));
      decoder.take<Kind>();
      start(decoder.take<JobOrder>());
      message = {};
    }
  }

  void tell(const ZygoteReport& report) const {
    if (::send(channel(), &report, sizeof report, MSG_NOSIGNAL) < 0) ::_exit(1);
  }
  void tell_failure(std::uint64_t run, const char* text) const {
    ZygoteReport report;
    report.what = ZygoteReport::What::failed;
    report.step = Step::zygote;
    report.run = run;
    std::strncpy(report.text, text, sizeof report.text - 1);
    tell(report);
  }

 private:
  int channel() const noexcept { return moved_ ? k_channel : spec_.channel; }

  /// All other descriptors of the broker go: sockets and boxes of other jobs among them.
  void keep_descriptors(int view) {
    constexpr int k_parking = 200;
    int channel = ::fcntl(spec_.channel, F_DUPFD_CLOEXEC, k_parking);
    int null = ::fcntl(spec_.null, F_DUPFD_CLOEXEC, k_parking);
    int parked_view = view < 0 ? null : ::fcntl(view, F_DUPFD_CLOEXEC, k_parking);
    if (channel < 0 || null < 0 || parked_view < 0) throw SysError("duplicate", "descriptors");
    if (::dup3(channel, k_channel, O_CLOEXEC) < 0 || ::dup3(null, k_null, O_CLOEXEC) < 0 ||
        ::dup3(parked_view, k_view, O_CLOEXEC) < 0 || ::close_range(k_view + 1, ~0U, 0) != 0) {
      throw SysError("move", "descriptors");
    }
    moved_ = true;
  }

  std::vector<Limit> limits_of(const Limits& limits) const {
    std::vector<Limit> out;
    auto add = [&](int resource, std::uint64_t value) {
      rlimit now{RLIM_INFINITY, RLIM_INFINITY};  // root may raise its own
      if (!spec_.change_user) ::prlimit(0, static_cast<__rlimit_resource>(resource), nullptr, &now);
      rlim_t bounded = std::min<rlim_t>(value, now.rlim_max);
      out.push_back({resource, {bounded, bounded}});
    };
    constexpr std::uint64_t k_ms = 1000;
    if (!has_gap("core-limit"))
      add(RLIMIT_CORE, 1);  // 0 would still start the core_pattern's helper, as root on the host
    add(RLIMIT_MEMLOCK, 0);
    add(RLIMIT_MSGQUEUE, 0);
    add(RLIMIT_NICE, 0);
    add(RLIMIT_RTPRIO, 0);
    if (limits.stack != 0) add(RLIMIT_STACK, limits.stack);
    if (limits.file_size != 0) add(RLIMIT_FSIZE, limits.file_size);
    if (limits.address_space != 0) add(RLIMIT_AS, limits.address_space);
    // A backstop of each process. At the limit itself allocations would fail, and the broker, which watches the sum,
    // would see an ordinary exit instead of a job that used too much.
    if (limits.memory != 0 && !spec_.groups->limits_memory()) add(RLIMIT_DATA, 2 * limits.memory);
    if (limits.cpu_time.count() != 0) {  // of each process; the broker watches the sum
      add(RLIMIT_CPU, static_cast<std::uint64_t>(limits.cpu_time.count()) / k_ms + 2);
    }
    if (limits.processes != 0 && !spec_.groups->limits_processes())
      add(RLIMIT_NPROC, limits.processes + own_processes());
    if (limits.open_files != 0) {
      add(RLIMIT_NOFILE, limits.open_files);
    } else {
      out.push_back({RLIMIT_NOFILE, spec_.open_files});
    }
    return out;
  }

  /// Of the user that RLIMIT_NPROC counts: without a user of its own a job shares it with broker, zygotes and inits.
  std::uint64_t own_processes() const noexcept {
    constexpr std::uint64_t k_per_slot = k_networks.size() + 1;
    return spec_.change_user ? 1 : 1 + k_per_slot * spec_.slots;
  }

  std::vector<MountAt> mounts_of(const RunSpec& spec) const {
    std::vector<MountAt> mounts;
    for (const VisiblePath& each : spec.visible) {
      if (!leads_into_box(each.path)) {
        make_mount_point(k_view, each.path, S_ISDIR(stat_fd(each.fd.get(), each.path).st_mode));
      }
      mounts.push_back({each.fd.get(), each.path.c_str()});
    }
    return mounts;
  }

  void start(JobOrder order) {
    try {
      std::vector<char*> argv = pointers(order.spec.argv);
      std::vector<char*> env = pointers(order.spec.env);
      std::vector<Limit> limits = limits_of(order.spec.limits);
      std::vector<MountAt> visible;
      if (spec_.mode == Mode::full) visible = mounts_of(order.spec);
      sock_fprog filter{static_cast<unsigned short>(spec_.filter->size()),
                        const_cast<sock_filter*>(spec_.filter->data())};
      Inmate inmate;
      inmate.namespaces = spec_.mode == Mode::full;
      inmate.change_user = spec_.change_user && !has_gap("user");
      inmate.own_user_namespace = inmate.namespaces && !spec_.change_user && !spec_.groups->limits_processes();
      inmate.uid = order.uid;
      inmate.argv = argv.data();
      inmate.env = env.data();
      inmate.directory = order.directory.c_str();
      inmate.input = order.spec.standard_input ? order.spec.standard_input.get() : k_null;
      inmate.output = order.output ? order.output.get() : k_null;
      inmate.box = order.box.get();
      inmate.visible = visible;
      inmate.limits = limits;
      inmate.filter = filter.len == 0 ? nullptr : &filter;
      inmate.channel = k_channel;
      inmate.run = order.run;
      clone_init(inmate, order.clone_into.get());
    } catch (const Error& error) {
      tell_failure(order.run, error.what());
    }
  }

  void clone_init(const Inmate& inmate, int group) const {
    clone_args args{};
    args.flags = CLONE_PARENT;  // the broker reaps init and learns what it used, whatever happens to the zygote
    if (inmate.namespaces) args.flags |= CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC;
    if (has_gap("pid-namespace")) args.flags &= ~std::uint64_t{CLONE_NEWPID};
    if (has_gap("ipc-namespace")) args.flags &= ~std::uint64_t{CLONE_NEWIPC};
    if (group >= 0) {
      args.flags |= CLONE_INTO_CGROUP;
      args.cgroup = static_cast<__u64>(group);
    }
    long pid = ::syscall(SYS_clone3, &args, sizeof args);
    if (pid == 0) run_init(inmate);
    if (pid < 0) throw SysError(step_name(Step::clone_init), "init of the job");
    ZygoteReport report;
    report.what = ZygoteReport::What::started;
    report.run = inmate.run;
    report.pid = static_cast<std::int32_t>(pid);
    tell(report);
  }

  const ZygoteSpec& spec_;
  bool moved_ = false;
};

}  // namespace

[[noreturn]] void run_zygote(const ZygoteSpec& spec) noexcept {
  Zygote zygote(spec);
  try {
    zygote.set_up();
    zygote.tell(ZygoteReport{});
    zygote.serve();
  } catch (const std::exception& error) {
    zygote.tell_failure(0, error.what());
    ::_exit(1);
  }
  ::_exit(0);
}

}  // namespace ejf::jail
