// SPDX-License-Identifier: Apache-2.0
// Theory of operation: how an init and a job come together
//
// A job always goes to an init that is ready for it, or is made ready first; the way is the same. An init and its
// target know nothing of their job when they are made: they have their namespaces, their /proc, their control group,
// and a socket of their own to the broker, from which the target will read one order. So they can be made before there
// is a job: as soon as the last one's init has gone and nobody waits for the slot, the next is parked there, and the
// 0.3 to 0.5 ms of a clone3 with namespaces are spent while nobody looks. Nothing depends on a parked init: it may die
// at any time, and the next job makes another.
//
//   prepare   a socket pair; the zygote gets one end and makes an init with it, and that its target
//   ready     the init's first word. The kernel adds its pid, as we see it
//   order     box, output, visible paths, limits, program: all that another job must not reach comes here, and the
//             target reads it. It may be sent before the init is ready. Should they die before it was read, the socket
//             says so (ECONNRESET), the job has not been touched, and another init gets the order
//   ended     the init's last word. If nothing else of the job is left the report goes out at once; while the server
//             reads it the kernel takes the init's namespaces apart
//   gone      reaped. Now the control group is empty and can be renewed (v2), and the next init be parked in it
//
// There is one init in a slot at a time, so a job that comes before the last init has gone waits for that; and a parked
// one of the wrong kind of network is told to go (the end of its socket). Boxes are not in the game: their mount comes
// with the order (0.01 ms), so any box fits any init, and a box can have one run after the other.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "base/error.h"
#include "jail/broker_impl.h"

namespace ejf::jail {

namespace {

/// One report and who sent it; empty at the end of the channel, and when nothing is there (errno: EAGAIN).
std::optional<InitReport> receive_report(int channel, pid_t& sender, int flags) {
  InitReport report;
  iovec part{&report, sizeof report};
  union {
    cmsghdr align;
    std::array<char, CMSG_SPACE(sizeof(ucred))> bytes;
  } control;
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.bytes.data();
  header.msg_controllen = control.bytes.size();
  ssize_t n = 0;
  while ((n = ::recvmsg(channel, &header, flags | MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) {
  }
  if (n >= 0) errno = 0;
  if (n != static_cast<ssize_t>(sizeof report)) return {};
  const cmsghdr* entry = CMSG_FIRSTHDR(&header);
  if (entry != nullptr && entry->cmsg_level == SOL_SOCKET && entry->cmsg_type == SCM_CREDENTIALS) {
    ucred credentials{};
    std::memcpy(&credentials, CMSG_DATA(entry), sizeof credentials);
    sender = credentials.pid;
  }
  return report;
}

}  // namespace

ZygoteProcess& Broker::zygote_for(unsigned number, Network network) {
  ZygoteProcess& zygote = slots_[number].zygote(network);
  if (!zygote.channel) spawn_zygote(zygote, number, network);
  return zygote;
}

void Broker::spawn_zygote(ZygoteProcess& zygote, unsigned number, Network network) {
  auto [ours, theirs] = make_socket_pair(SOCK_SEQPACKET);
  ZygoteSpec spec;
  spec.mode = setup_.config.mode;
  spec.slot = number;
  spec.slots = setup_.config.slots;
  spec.network = network;
  spec.change_user = setup_.own_uids;
  spec.raise_limits = setup_.root;
  spec.broker = ::getpid();
  spec.channel = theirs.get();
  spec.null = setup_.null.get();
  spec.open_files = setup_.open_files;
  spec.groups = setup_.groups.get();
  spec.cookie = setup_.cookie;
  spec.filter = &setup_.filters[network == Network::none ? 0 : 1];
  spec.staging = setup_.staging;
  spec.view.visible = setup_.config.visible;
  spec.view.client = setup_.client.rights;
  spec.view.user_name = setup_.config.user_name;
  spec.view.first_uid = setup_.first_uid;
  spec.view.uid_count = setup_.uids;
  spec.view.network = network == Network::host;
  spec.view.host_proc = !setup_.root;
  watch(ours.get(), source_of(network), number);  // one that nobody listens to would hold its jobs for ever
  zygote.pid = ::fork();
  if (zygote.pid == 0) run_zygote(spec);
  if (zygote.pid < 0) throw SysError("fork", "zygote");
  zygote.channel = std::move(ours);
}

/// The zygote may have died since it was last heard of.
void Broker::prepare(unsigned number, Network network) {
  auto [ours, theirs] = make_socket_pair(SOCK_SEQPACKET);
  constexpr int k_on = 1;
  if (::setsockopt(ours.get(), SOL_SOCKET, SO_PASSCRED, &k_on, sizeof k_on) != 0) throw SysError("setsockopt", "init");
  watch(ours.get(), Source::init, number);
  InitOrder order;
  order.channel = std::move(theirs);
  if (int group = setup_.groups->clone_into(number); group >= 0) {
    order.clone_into.reset(::fcntl(group, F_DUPFD_CLOEXEC, 0));
  }
  Encoder message(Kind::prepare);
  message(order);
  for (int attempt = 0;; ++attempt) {
    ZygoteProcess& zygote = zygote_for(number, network);
    try {
      send_message(zygote.channel.get(), message.data(), message.fds(), 0);
      break;
    } catch (const SysError&) {
      if (attempt != 0) throw;
      zygote.channel.reset();
    }
  }
  Init& init = slots_[number].init;
  init = {};
  init.network = network;
  init.channel = std::move(ours);
}

void Broker::park(unsigned number) noexcept {
  if (!setup_.config.parks || slots_[number].init.exists()) return;
  try {
    prepare(number, slots_[number].last_network);
    if (!slots_[number].log.read_end) slots_[number].log = make_log(number);
  } catch (const Error&) {
    // The next job tries again, and has somebody to tell.
  }
}

/// Sends the slot's order to its init, or waits for the end of one that cannot take it: vacated() comes back here.
void Broker::hand_over(unsigned number) {
  Slot& slot = slots_[number];
  RunState& run = *slot.run;
  if (slot.init.exists() && slot.init.network != run.network) {
    ::shutdown(slot.init.channel.get(), SHUT_WR);
    slot.init.state = Init::State::leaving;
  }
  if (slot.init.state == Init::State::leaving) return;
  constexpr unsigned k_most_inits = 3;
  if (++run.inits > k_most_inits) throw Error("the inits that were made for the job died");
  setup_.groups->begin(number, run.limits);
  if (!slot.init.exists()) prepare(number, run.network);
  Encoder message(Kind::run);
  message(*slot.order);
  try {
    send_message(slot.init.channel.get(), message.data(), message.fds(), 0);
  } catch (const SysError& error) {
    if (is_machine_fault(error.code())) throw;
    slot.init.state = Init::State::leaving;  // it was killed while it was parked
    return;
  }
  slot.init.state = Init::State::at_work;
}

void Broker::on_init(unsigned number) {
  Init& init = slots_[number].init;
  while (init.channel) {
    pid_t sender = -1;
    if (auto report = receive_report(init.channel.get(), sender, MSG_DONTWAIT)) {
      on_init_report(number, *report, sender);
      continue;
    }
    if (errno == EAGAIN) return;
    if (errno == ECONNRESET) {  // comes before its last words
      init.died_before_order = true;
      continue;
    }
    init.channel.reset();
    if (init.pid < 0) init_gone(number);  // it never lived, or died silent; else SIGCHLD says more
    return;
  }
}

void Broker::on_init_report(unsigned number, const InitReport& report, pid_t sender) {
  Slot& slot = slots_[number];
  switch (report.what) {
    case InitReport::What::ready:
      slot.init.pid = sender;
      if (slot.is_running() && slot.run->is_condemned()) kill(slot);
      // The other half of what the next job needs.
      if (!slot.run && !closed_ && boxes_.wants_spare()) boxes_.make_spare();
      return;
    case InitReport::What::failed:
      if (!slot.run || slot.init.state != Init::State::at_work) return;
      slot.run->failure = {report.step, report.error};
      slot.run->failure_text = report.text;
      return;
    case InitReport::What::ended:
      if (!slot.is_running()) return;
      slot.run->end = report;
      if (!report.alone) return;
      slot.run->cpu = std::max(slot.run->cpu, std::chrono::microseconds(report.cpu_us));
      slot.run->largest_process = report.largest_process;
      finish(number);
      return;
  }
}

void Broker::reaped(pid_t pid, const rusage& used) {
  for (unsigned number = 0; number < slots_.size(); ++number) {
    Slot& slot = slots_[number];
    if (slot.init.pid == pid || slot.init.pid < 0) on_init(number);  // what it said last, or first
    if (slot.init.pid != pid) continue;
    if (slot.is_running()) {
      constexpr std::int64_t k_us = 1'000'000;
      auto us = [](const timeval& time) { return time.tv_sec * k_us + time.tv_usec; };
      RunState& run = *slot.run;
      run.cpu = std::max(run.cpu, std::chrono::microseconds(us(used.ru_utime) + us(used.ru_stime)));
      run.largest_process = std::max(run.largest_process, static_cast<std::uint64_t>(used.ru_maxrss) << 10);
      if (!run.end) kill_strays();
    }
    return init_gone(number);
  }
  for (const Slot& slot : slots_) {
    if (slot.has_zygote(pid)) return zygote_died(pid);
  }
  // It may have been a stray, whose children are ours now.
  if (setup_.config.mode == Mode::none) kill_strays();
}

/// One that died while it was parked is not replaced before there is a job: who knows why it died.
void Broker::init_gone(unsigned number) {
  Slot& slot = slots_[number];
  if (slot.init.pid < 0) on_zygote(number, slot.init.network);  // why it could not be made
  const Init init = std::exchange(slot.init, {});
  if (init.state == Init::State::at_work && !init.died_before_order) return finish(number);
  if (init.state != Init::State::parked) vacated(number);
}

/// The slot has no init: its control group is empty.
void Broker::vacated(unsigned number) {
  if (closed_) return;
  try {
    setup_.groups->refresh(number);
  } catch (const Error&) {
    // The next run in this slot fails then, with somebody to tell, and this is tried again after it.
  }
  if (slots_[number].run) return begin(number);
  park(number);
}

/// What cannot be set up is said at start, not by the first job: a job whose program does not exist gets through every
/// step but the last.
void Broker::prove_a_job() {
  constexpr std::uint32_t k_box = 0;
  boxes_.make(k_box, {std::uint64_t{1} << 20, 100});
  StoredBox& box = *boxes_.find(k_box);
  if (!box.error.empty()) throw Error("no jail can be had here: " + box.error);
  RunSpec spec;
  spec.argv = {"./a program that is not there"};
  spec.discard_output = true;
  Slot& slot = slots_.front();
  slot.run = std::make_unique<RunState>(0, k_box, spec);
  RunState& run = *slot.run;
  slot.order = make_order(run, box, 0, std::move(spec));
  hand_over(0);
  while (run.failure.step == Step::none) {
    pid_t sender = -1;
    auto report = receive_report(slot.init.channel.get(), sender, 0);
    if (report) {
      on_init_report(0, *report, sender);
      continue;
    }
    if (errno == ECONNRESET) continue;  // comes before its last words
    on_zygote(0, Network::none);
    if (!run.failure) fail(run, "the first zygote died");
  }
  if (slot.init.pid > 0) ::waitpid(slot.init.pid, nullptr, 0);
  slot.init = {};
  slot.order.reset();
  const std::unique_ptr<RunState> over = std::move(slot.run);
  boxes_.drop(k_box);
  setup_.groups->refresh(0);
  if (over->failure.step == Step::execute) return;
  std::string hint = over->failure.step == Step::mount_proc ? " (in a container: run it with an unmasked /proc)" : "";
  throw Error("no jail can be had here: " + judge(*over).reason + hint);
}

}  // namespace ejf::jail
