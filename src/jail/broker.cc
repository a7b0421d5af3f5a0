// SPDX-License-Identifier: Apache-2.0
// Theory of operation
//
//   server (no rights) ==SEQPACKET==> ej-jail, the broker (root, or root of a user namespace; one thread, no network)
//        broker ==SEQPACKET==> one zygote per slot and kind of network, made when first needed (zygote.cc)
//             zygote --clone3--> init of the job --vfork--> target (inmate.cc)
//
// The server's messages are one-way and pipelined: box, files, run. The one answer is the report. The broker opens
// nothing by name outside its boxes, but paths of its configuration and, to bind them, paths whose descriptor the
// server shows: they must be the same file.
//
// Events, all in one epoll: the server's socket, the zygotes' sockets, the pipes of the logs, SIGCHLD. Deadlines are
// the timeout of epoll_wait. A run ends when its init has been reaped (the kernel then has killed and reaped all else
// in the job's pid namespace), or when it could not be started.
//
// The end of the server's socket is the broker's end: every run is killed and waited for, boxes and control groups go.
// After kill -9 of the broker the death signals of zygotes and inits do the same, and the next broker sweeps groups and
// boxes.
#include "jail/broker.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "jail/broker_impl.h"
#include "jail/process_tree.h"

namespace ejf::jail {

Broker::Broker(int server, JailConfig config)
    : server_(server), setup_(std::move(config)), boxes_(box_config()), slots_(setup_.config.slots) {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  children_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  poll_.reset(::epoll_create1(EPOLL_CLOEXEC));
  if (!children_ || !poll_) throw SysError("make", "event descriptors");
  watch(server_, Source::server, 0);
  watch(children_.get(), Source::children, 0);
  prove_a_job();
}

BoxStoreConfig Broker::box_config() const {
  BoxStoreConfig box;
  box.mode = setup_.config.mode;
  box.staging = setup_.staging;
  box.work_dir = setup_.config.work_dir;
  box.prefix = box_prefix(setup_.config);
  box.change_owner = setup_.root;
  box.first_uid = setup_.first_uid;
  box.uids = setup_.uids;
  return box;
}

/// Zygotes first, so that no more jobs begin; what they said last names jobs that just began.
Broker::~Broker() {
  for (Slot& slot : slots_) {
    if (slot.run) slot.run->cancelled = true;
    if (slot.run) kill(*slot.run);
    for (ZygoteProcess& zygote : slot.zygotes) {
      if (zygote.pid <= 0) continue;
      ::kill(zygote.pid, SIGKILL);
      ::waitpid(zygote.pid, nullptr, 0);
      zygote.pid = -1;
    }
  }
  for (unsigned number = 0; number < slots_.size(); ++number) {
    for (Network network : k_networks) on_zygote(number, network);
  }
  boxes_.finish_sweeping();
  while (::wait4(-1, nullptr, WNOHANG, nullptr) >= 0) {
    kill_strays();
    constexpr timespec k_pause{0, 1'000'000};
    ::nanosleep(&k_pause, nullptr);
  }
}

/// Children that are none of ours: processes of a job without namespaces whose init was killed come to us.
void Broker::kill_strays() const {
  for (pid_t pid : children_of(::getpid())) {
    bool known = pid == boxes_.sweeper() || std::any_of(slots_.begin(), slots_.end(), [pid](const Slot& slot) {
                   return slot.has_zygote(pid) || (slot.run && slot.run->init == pid);
                 });
    bool starting = std::any_of(slots_.begin(), slots_.end(), [](const Slot& s) { return s.run && s.run->init < 0; });
    if (!known && !starting) ::kill(pid, SIGKILL);
  }
}

void Broker::watch(int fd, Source source, unsigned slot) const {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = (static_cast<std::uint64_t>(source) << 32) | slot;
  if (::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) throw SysError("epoll_ctl", "add");
}

std::optional<JailConfig> Broker::serve() {
  constexpr int k_events = 32;
  std::array<epoll_event, k_events> events{};
  while (!closed_) {
    int n = ::epoll_wait(poll_.get(), events.data(), k_events, timeout());
    if (n < 0 && errno != EINTR) throw SysError("epoll_wait", "");
    if (n == 0 && boxes_.wants_spare()) boxes_.make_spare();  // nobody waits
    for (int i = 0; i < n; ++i) on_event(events[static_cast<std::size_t>(i)]);
    on_deadlines();
    flush();
  }
  return std::exchange(next_, {});
}

/// Milliseconds until something is due, or -1.
int Broker::timeout() const {
  auto due = Monotonic::time_point::max();
  for (const Slot& slot : slots_) {
    if (!slot.run) continue;
    if (slot.run->limits.real_time.count() != 0) {
      due = std::min(due, slot.run->started + slot.run->limits.real_time);
    }
    if (slot.run->is_watched()) due = std::min(due, slot.run->next_look);
  }
  constexpr std::chrono::milliseconds k_resend{5};
  if (!outgoing_.empty()) due = std::min(due, Monotonic::now() + k_resend);
  // Not at once: whoever was just woken up wants our processor, and the next message may be on its way.
  constexpr std::chrono::milliseconds k_idle{1};
  if (boxes_.wants_spare()) due = std::min(due, Monotonic::now() + k_idle);
  if (due == Monotonic::time_point::max()) return -1;
  auto left = std::chrono::ceil<std::chrono::milliseconds>(due - Monotonic::now()).count();
  constexpr std::int64_t k_hour = 3'600'000;
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, k_hour));
}

void Broker::on_event(const epoll_event& event) {
  auto slot = static_cast<unsigned>(event.data.u64 & 0xffffffff);
  switch (static_cast<Source>(event.data.u64 >> 32)) {
    case Source::server:
      while (!closed_ && on_server()) {
      }
      break;
    case Source::children:
      on_children();
      break;
    case Source::zygote:
      on_zygote(slot, Network::none);
      break;
    case Source::zygote_with_network:
      on_zygote(slot, Network::host);
      break;
    case Source::zygote_with_loopback:
      on_zygote(slot, Network::loopback);
      break;
    case Source::log:
      on_log(slot);
      break;
  }
}

bool Broker::on_server() {
  Message message;
  switch (receive_message(server_, message, MSG_DONTWAIT)) {
    case Received::nothing:
      return false;
    case Received::closed:
      closed_ = true;
      return false;
    case Received::message:
      on_message(std::move(message));
      return true;
  }
  return false;
}

void Broker::on_message(Message message) {
  Decoder in(std::move(message));
  switch (in.take<Kind>()) {
    case Kind::make_box: {
      auto id = in.take<std::uint32_t>();
      boxes_.make(id, in.take<BoxSpec>());
      return;
    }
    case Kind::drop_box:
      boxes_.drop(in.take<std::uint32_t>());
      return;
    case Kind::put_file:
      boxes_.put_file(in.take<FileOrder>());
      return;
    case Kind::put_directory:
      boxes_.put_directory(in.take<FileOrder>());
      return;
    case Kind::put_symlink:
      boxes_.put_symlink(in.take<FileOrder>());
      return;
    case Kind::run: {
      auto id = in.take<std::uint64_t>();
      auto box = in.take<std::uint32_t>();
      run(id, box, in.take<RunSpec>());
      return;
    }
    case Kind::cancel:
      cancel(in.take<std::uint64_t>());
      return;
    case Kind::configure:
      next_ = in.take<JailConfig>();
      closed_ = true;
      return;
    case Kind::ready:
    case Kind::refused:
    case Kind::report:
      throw Error("the server sent a message that is not for the broker");
  }
}

void Broker::on_zygote(unsigned slot, Network network) {
  for (;;) {
    UniqueFd& channel = slots_[slot].zygote(network).channel;
    if (!channel) return;
    ZygoteReport report;
    ssize_t n = ::recv(channel.get(), &report, sizeof report, MSG_DONTWAIT);
    if (n == static_cast<ssize_t>(sizeof report)) {
      on_zygote_report(report, slot);
      continue;
    }
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    channel.reset();  // it died; SIGCHLD says so too
    return;
  }
}

void Broker::on_zygote_report(const ZygoteReport& report, unsigned slot) {
  RunState* run = slots_[slot].run.get();
  if (run == nullptr || report.what == ZygoteReport::What::ready) return;
  if (report.step == Step::zygote) {
    fail(*run, report.text);
    finish_if_over(slot);
    return;
  }
  if (report.run != run->id) return;
  if (report.what == ZygoteReport::What::ended) run->end = report;
  if (report.what == ZygoteReport::What::failed) run->failure = {report.step, report.error};
  if (report.what != ZygoteReport::What::started) return;
  run->init = report.pid;
  if (run->is_condemned()) kill(*run);
  auto early = early_.find(report.pid);
  if (early == early_.end()) return;
  auto [status, used] = early->second;
  early_.erase(early);
  reaped(report.pid, status, used);
}

void Broker::on_log(unsigned slot) {
  RunState* run = slots_[slot].run.get();
  if (run == nullptr || !run->log_pipe) return;
  if (!drain(*run)) run->log_pipe.reset();
}

void Broker::on_children() {
  signalfd_siginfo info{};
  while (::read(children_.get(), &info, sizeof info) > 0) {
  }
  int status = 0;
  rusage used{};
  for (pid_t pid = 0; (pid = ::wait4(-1, &status, WNOHANG, &used)) > 0;) reaped(pid, status, used);
}

void Broker::reaped(pid_t pid, int status, const rusage& used) {
  for (unsigned number = 0; number < slots_.size(); ++number) {
    RunState* run = slots_[number].run.get();
    if (run == nullptr || run->init != pid) continue;
    constexpr std::int64_t k_us = 1'000'000;
    auto us = [](const timeval& time) { return time.tv_sec * k_us + time.tv_usec; };
    run->init_status = status;
    run->cpu = std::max(run->cpu, std::chrono::microseconds(us(used.ru_utime) + us(used.ru_stime)));
    run->largest_process = static_cast<std::uint64_t>(used.ru_maxrss) << 10;
    if (!run->end) kill_strays();
    finish_if_over(number);
    return;
  }
  for (const Slot& slot : slots_) {
    if (slot.has_zygote(pid)) return zygote_died(pid);
  }
  bool starting = std::any_of(slots_.begin(), slots_.end(), [](const Slot& s) { return s.run && s.run->init < 0; });
  if (!starting) early_.clear();
  if (starting) early_[pid] = {status, used};
}

void Broker::zygote_died(pid_t pid) {
  for (unsigned number = 0; number < slots_.size(); ++number) {
    for (Network network : k_networks) {
      ZygoteProcess& zygote = slots_[number].zygote(network);
      if (zygote.pid != pid) continue;
      zygote.pid = -1;
      on_zygote(number, network);  // what it said last
      zygote.channel.reset();
      RunState* run = slots_[number].run.get();
      if (run != nullptr && run->init < 0 && run->network == network) fail(*run, "the slot's zygote died");
      finish_if_over(number);
    }
  }
}

void Broker::on_deadlines() {
  auto now = Monotonic::now();
  for (Slot& slot : slots_) {
    if (!slot.run) continue;
    RunState& run = *slot.run;
    if (run.limits.real_time.count() != 0 && now >= run.started + run.limits.real_time && !run.time_exceeded) {
      run.time_exceeded = true;
      kill(run);
    }
    if (run.is_watched() && now >= run.next_look) {
      look_at(run);
      run.next_look = now + (run.watches_memory ? k_short_look_period : k_look_period);
    }
  }
}

void Broker::post(const Encoder& message, std::vector<UniqueFd> keep) {
  outgoing_.push_back({message.data(), std::move(keep)});
}

/// As much as the server takes; the rest is tried again soon. Never waits for the server.
void Broker::flush() {
  while (!outgoing_.empty()) {
    std::vector<int> fds;
    for (const UniqueFd& fd : outgoing_.front().fds) fds.push_back(fd.get());
    try {
      if (!send_message(server_, outgoing_.front().data, fds, MSG_DONTWAIT)) return;
    } catch (const SysError&) {
      closed_ = true;  // the server has gone
      return;
    }
    outgoing_.pop_front();
  }
}

namespace {

void send(int server, Kind kind, const auto& content) {
  Encoder message(kind);
  message(content);
  send_message(server, message.data(), message.fds(), 0);
}

/// What the server ignored or blocked is not for us, and not for compilers.
void reset_signals() {
  // The system call itself: the C library's function refuses its own two signals, which may be ignored all the same.
  constexpr std::array<unsigned long, 4> k_default_action{};  // handler, flags, restorer, mask of the kernel's struct
  constexpr std::size_t k_mask_size = 8;
  for (int signal = 1; signal < NSIG; ++signal) {
    ::syscall(SYS_rt_sigaction, signal, k_default_action.data(), nullptr, k_mask_size);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace

namespace {

/// One configuration after the other: a server that executes itself anew, and may have given up the right to start a
/// broker, goes on with this one.
void serve_configurations(int socket, JailConfig config, bool& ready) {
  const UniqueFd mounts = open_at(AT_FDCWD, "/proc/self/ns/mnt", O_RDONLY);
  rlimit open_files{};
  ::getrlimit(RLIMIT_NOFILE, &open_files);
  for (;;) {
    ready = false;
    std::optional<JailConfig> next;
    {
      Broker broker(socket, std::move(config));
      send(socket, Kind::ready, broker.features());
      ready = true;
      next = broker.serve();
    }
    if (!next) return;
    // Back to where the first configuration began; only root comes here, others start a new broker.
    ::setrlimit(RLIMIT_NOFILE, &open_files);
    if (::setns(mounts.get(), CLONE_NEWNS) != 0) throw SysError("setns", "the host's mount namespace");
    config = std::move(*next);
  }
}

}  // namespace

int run_broker(int socket) {
  reset_signals();
  if (::chdir("/") != 0) return 1;
  Message message;
  if (receive_message(socket, message, 0) != Received::message) return 1;
  Decoder in(std::move(message));
  in.take<Kind>();
  bool ready = false;
  try {
    serve_configurations(socket, in.take<JailConfig>(), ready);
    return 0;
  } catch (const Error& error) {
    if (ready) {
      static_cast<void>(std::fprintf(stderr, "ej-jail: %s\n", error.what()));  // the server sees the end of the socket
    } else {
      send(socket, Kind::refused, std::string{error.what()});
    }
    return 1;
  }
}

}  // namespace ejf::jail
