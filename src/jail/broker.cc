// SPDX-License-Identifier: Apache-2.0
// Theory of operation
//
//   server (no rights) ==SEQPACKET==> ej-jail, the broker (root, or root of a user namespace; one thread, no network)
//        broker ==SEQPACKET==> one zygote per slot and kind of network, made when first needed (zygote.cc)
//             zygote --clone3--> init, one at a time in a slot (broker_inits.cc, job_init.cc)
//        broker ==SEQPACKET==> target, a child of init (inmate.cc)
//
// The server's messages are one-way and pipelined: box, files, run. The one answer is the report. The broker opens
// nothing by name outside its boxes, but paths of its configuration and, to bind them, paths whose descriptor the
// server shows: they must be the same file.
//
// Events, all in one epoll: the server's socket, the sockets of zygotes and inits, the pipes of the logs, SIGCHLD.
// Deadlines are the timeout of epoll_wait. A run ends when its init says that nothing else of the job is left, or when
// the init has been reaped (the kernel then has killed and reaped all else in the job's pid namespace), or when it
// could not be started.
//
// The end of the server's socket is the broker's end: every run is killed and waited for, boxes and control groups go.
// After kill -9 of the broker the death signals of zygotes and inits do the same, and the next broker sweeps groups and
// boxes.
#include "jail/broker.h"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <optional>
#include <utility>

#include "base/error.h"
#include "jail/broker_impl.h"
#include "jail/process_tree.h"

namespace ejf::jail {

Broker::Broker(int server, Admission admission)
    : server_(server), setup_(std::move(admission)), boxes_(box_config()), slots_(setup_.config.slots) {
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
  for (unsigned number = 0; number < slots_.size(); ++number) park(number);
}

BoxStoreConfig Broker::box_config() const {
  BoxStoreConfig box;
  box.mode = setup_.config.mode;
  box.staging = setup_.staging;
  box.work_dir = setup_.config.work_dir;
  box.prefix = box_prefix(setup_.config);
  box.change_owner = setup_.own_uids;
  box.first_uid = setup_.first_uid;
  box.uids = setup_.uids;
  return box;
}

/// Zygotes before the last inits, so that there come no more. An init that has no job goes when its channel does.
Broker::~Broker() {
  closed_ = true;
  for (Slot& slot : slots_) {
    if (slot.run) slot.run->cancelled = true;
    kill(slot);
    for (ZygoteProcess& zygote : slot.zygotes) {
      if (zygote.pid <= 0) continue;
      ::kill(zygote.pid, SIGKILL);
      ::waitpid(zygote.pid, nullptr, 0);
      zygote.pid = -1;
    }
  }
  for (unsigned number = 0; number < slots_.size(); ++number) {
    on_init(number);  // one that had just begun; it is killed when it says so
    slots_[number].init.channel.reset();
  }
  boxes_.finish_sweeping();
  while (::wait4(-1, nullptr, WNOHANG, nullptr) >= 0) {
    kill_strays();
    constexpr timespec k_pause{0, 1'000'000};
    ::nanosleep(&k_pause, nullptr);
  }
}

/// Children that are none of ours: processes of a job without namespaces whose init was killed come to us. While an
/// init has not said who it is they cannot be told from it: then serve() comes back to them.
void Broker::kill_strays() {
  strays_wait_ = std::any_of(slots_.begin(), slots_.end(),
                             [](const Slot& slot) { return slot.init.channel && slot.init.pid < 0; });
  if (strays_wait_) return;
  for (pid_t pid : children_of(::getpid())) {
    const bool is_known = pid == boxes_.sweeper() || std::any_of(slots_.begin(), slots_.end(), [pid](const Slot& slot) {
                            return slot.has_zygote(pid) || slot.init.pid == pid;
                          });
    if (!is_known) ::kill(pid, SIGKILL);
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
    const int patience = timeout();
    int n = ::epoll_wait(poll_.get(), events.data(), k_events, patience);
    allow_for_standstill(std::chrono::milliseconds(std::max(patience, 0)));
    if (n < 0 && errno == EINTR) continue;  // stopped and continued: what has ended meanwhile comes before deadlines
    if (n < 0) throw SysError("epoll_wait", "");
    if (n == 0 && boxes_.wants_spare()) boxes_.make_spare();  // nobody waits
    for (int i = 0; i < n; ++i) on_event(events[static_cast<std::size_t>(i)]);
    allow_for_standstill({});
    on_deadlines();
    if (strays_wait_) kill_strays();
    flush();
  }
  return std::exchange(next_, {});
}

/// A broker that was stopped (by a signal, a debugger, a freezer; with its jobs or without them) gives back the time to
/// the jobs: a limit must not end what was not let run.
void Broker::allow_for_standstill(std::chrono::milliseconds expected) {
  const auto now = Monotonic::now();
  const auto lost = now - std::exchange(awake_, now) - expected;
  constexpr std::chrono::seconds k_notable{1};  // else it was only a busy machine
  if (lost < k_notable) return;
  for (Slot& slot : slots_) {
    if (slot.run) slot.run->started += lost;
  }
}

/// Milliseconds until something is due, or -1. While a job runs, no longer than allow_for_standstill() counts on.
int Broker::timeout() const {
  auto due = Monotonic::time_point::max();
  for (const Slot& slot : slots_) {
    if (!slot.run) continue;
    due = std::min(due, Monotonic::now() + k_heartbeat);
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
    case Source::init:
      on_init(slot);
      break;
    case Source::log:
      on_log(slot);
      break;
  }
}

bool Broker::on_server() {
  Message message;
  switch (receive_message(server_, message, MSG_DONTWAIT, k_most_order)) {
    case Received::nothing:
      return false;
    case Received::closed:
      closed_ = true;
      return false;
    case Received::message:
      message.is_cut ? on_cut_message(std::move(message)) : on_message(std::move(message));
      return true;
  }
  return false;
}

void Broker::on_message(Message message) {
  Decoder in(std::move(message));
  switch (in.take<Kind>()) {
    case Kind::make_box: {
      auto id = in.take<std::uint32_t>();
      make_box(id, in.take<BoxSpec>());
      return;
    }
    case Kind::drop_box:
      boxes_.drop(in.take<std::uint32_t>());
      return;
    case Kind::put_file:
      boxes_.put_file(take_file(in));
      return;
    case Kind::put_directory:
      boxes_.put_directory(take_file(in));
      return;
    case Kind::put_symlink:
      boxes_.put_symlink(take_file(in));
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
    case Kind::prepare:
    case Kind::ready:
    case Kind::refused:
    case Kind::report:
      throw Error("the server sent a message that is not for the broker");
  }
}

/// What is too large is an error of that box; what no server does is the end.
void Broker::make_box(std::uint32_t id, const BoxSpec& spec) {
  if (boxes_.find(id) != nullptr) throw Error("the server made a box twice");
  if (boxes_.count() >= most_boxes(setup_.config)) throw Error("the server made too many boxes");
  const std::string wrong = wrong_with(spec, setup_.rules);
  if (!wrong.empty()) return boxes_.make_failed(id, wrong);
  boxes_.make(id, spec);
}

FileOrder Broker::take_file(Decoder& in) {
  auto order = in.take<FileOrder>();
  const std::string wrong = wrong_with(order);
  StoredBox* box = boxes_.find(order.box);
  if (box != nullptr && box->error.empty() && !wrong.empty()) box->error = "put " + order.name + ": " + wrong;
  return order;  // nothing more is put into a box with an error
}

/// Nobody but the run that needs them has to suffer for descriptors that we could not take.
void Broker::on_cut_message(Message message) {
  constexpr const char* k_reason = "ej-jail may not open more files";
  Decoder in(std::move(message));
  const Kind kind = in.take<Kind>();
  if (kind == Kind::put_file) {
    if (StoredBox* box = boxes_.find(in.take<std::uint32_t>())) box->error = k_reason;
  } else if (kind == Kind::run) {
    RunReport failed;
    failed.reason = k_reason;
    report(std::move(failed), in.take<std::uint64_t>());
  } else {
    throw Error(k_reason);
  }
}

void Broker::on_zygote(unsigned slot, Network network) {
  for (;;) {
    UniqueFd& channel = slots_[slot].zygote(network).channel;
    if (!channel) return;
    InitReport report;
    ssize_t n = ::recv(channel.get(), &report, sizeof report, MSG_DONTWAIT);
    if (n == static_cast<ssize_t>(sizeof report)) {  // it could not be set up
      if (slots_[slot].run && network == slots_[slot].run->network) fail(*slots_[slot].run, report.text);
      continue;
    }
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    channel.reset();  // it died; SIGCHLD says so too
    return;
  }
}

void Broker::on_log(unsigned slot) {
  RunState* run = slots_[slot].run.get();
  if (run == nullptr || !run->log_pipe) return;
  if (!drain(slots_[slot])) run->log_pipe.reset();
}

void Broker::on_children() {
  signalfd_siginfo info{};
  while (::read(children_.get(), &info, sizeof info) > 0) {
  }
  rusage used{};
  for (pid_t pid = 0; (pid = ::wait4(-1, nullptr, WNOHANG, &used)) > 0;) reaped(pid, used);
}

void Broker::zygote_died(pid_t pid) {
  for (unsigned number = 0; number < slots_.size(); ++number) {
    for (Network network : k_networks) {
      ZygoteProcess& zygote = slots_[number].zygote(network);
      if (zygote.pid != pid) continue;
      zygote.pid = -1;
      on_zygote(number, network);  // what it said last
      zygote.channel.reset();      // an init that it did not make closes its channel too
    }
  }
}

void Broker::on_deadlines() {
  auto now = Monotonic::now();
  for (unsigned number = 0; number < slots_.size(); ++number) {
    Slot& slot = slots_[number];
    if (!slot.run) continue;
    RunState& run = *slot.run;
    if (run.limits.real_time.count() != 0 && now >= run.started + run.limits.real_time && !run.time_exceeded) {
      run.time_exceeded = true;
      kill(slot);
    }
    if (run.is_watched() && now >= run.next_look) {
      look_at(number);
      run.next_look = now + (run.watches_memory ? k_short_look_period : k_look_period);
    }
  }
}

/// A server has no more runs than slots before it takes their reports; each may hold a long log.
void Broker::post(const Encoder& message, std::vector<UniqueFd> keep) {
  constexpr std::size_t k_some = 100;
  if (outgoing_.size() >= k_some + slots_.size()) throw Error("the server does not take its reports");
  outgoing_.push_back({message.data(), std::move(keep)});
}

/// As much as the server takes; the rest is tried again soon. Never waits for the server.
void Broker::flush() {
  while (!outgoing_.empty()) {
    std::vector<int> fds;
    for (const UniqueFd& fd : outgoing_.front().fds) fds.push_back(fd.get());
    try {
      if (!send_message(server_, outgoing_.front().data, fds, MSG_DONTWAIT)) return;
    } catch (const SysError& error) {
      if (is_machine_fault(error.code())) return;
      closed_ = true;  // the server has gone
      return;
    }
    outgoing_.pop_front();
  }
}

}  // namespace ejf::jail
