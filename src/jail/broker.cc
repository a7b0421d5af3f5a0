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
// After kill -9 of the broker the death signals of zygotes and inits do the same, and the next broker sweeps groups.
#include "jail/broker.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "jail/process_tree.h"
#include "jail/run_state.h"
#include "jail/seccomp_filter.h"
#include "jail/view.h"
#include "jail/walls.h"
#include "jail/wire.h"
#include "jail/zygote.h"

namespace ejf::jail {

namespace {

constexpr std::chrono::milliseconds k_look_period{50};
constexpr std::chrono::milliseconds k_short_look_period{10};  // where no control group limits memory

/// What an event of epoll is about.
enum class Source : std::uint32_t { server, children, zygote, zygote_with_network, log };

struct ZygoteProcess {
  pid_t pid = -1;
  UniqueFd channel;
};

struct Slot {
  std::array<ZygoteProcess, 2> zygotes;  ///< without and with network
  std::unique_ptr<RunState> run;
};

struct Outgoing {
  std::string data;
  std::vector<UniqueFd> fds;
};

/// What the broker sets up once, by the server's configuration.
struct Setup {
  explicit Setup(JailConfig given);

  JailConfig config;
  Features features;
  bool root = ::geteuid() == 0;
  uid_t first_uid = 0;
  unsigned uids = 1;
  rlimit open_files{};
  std::unique_ptr<ControlGroups> groups;
  std::string staging;
  std::array<std::vector<sock_filter>, 2> filters;  ///< without and with network
  UniqueFd null;

 private:
  void enter_namespaces();
};

Setup::Setup(JailConfig given) : config(std::move(given)) {
  ::getrlimit(RLIMIT_NOFILE, &open_files);
  rlimit most{open_files.rlim_max, open_files.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &most);
  ::umask(022);
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) throw SysError("prctl", "PR_SET_CHILD_SUBREAPER");
  if (root && config.first_uid == 0) throw Error("jail: started as root without a user for the jobs");
  if (config.slots == 0) throw Error("jail: no slots");
  null = open_at(AT_FDCWD, "/dev/null", O_RDWR);
  groups = make_control_groups(config.cgroup_name, config.slots, features.warnings);
  features.cgroup = groups->describe();
  first_uid = root ? config.first_uid : ::geteuid();
  uids = root ? config.slots : 1;
  if (config.mode == Mode::full) enter_namespaces();
  give_up_future_rights(root || config.mode == Mode::full);
}

void Setup::enter_namespaces() {
  std::vector<std::string> missing = missing_walls(root);
  if (!missing.empty()) {
    std::string text = "no jail can be had here:";
    for (const std::string& each : missing) text.append("\n  ").append(each);
    throw Error(text);
  }
  features.namespaces = root ? "root" : "user namespaces";
  if (!root) first_uid = enter_user_namespace();
  staging = enter_mount_namespace();
  filters = {make_filter({false, config.allow_i386}), make_filter({true, config.allow_i386})};
  features.seccomp = true;
}

class Broker {
 public:
  Broker(int server, JailConfig config)
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
  ~Broker();
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  const Features& features() const noexcept { return setup_.features; }
  /// Until the server goes, or sends the configuration that is to be served next.
  std::optional<JailConfig> serve();

 private:
  BoxStoreConfig box_config() const;
  void watch(int fd, Source source, unsigned slot) const;
  int timeout() const;

  void on_event(const epoll_event& event);
  bool on_server();
  void on_message(Message message);
  void on_zygote(unsigned slot, bool network);
  void on_log(unsigned slot);
  void on_children();
  void on_deadlines();
  void on_zygote_report(const ZygoteReport& report, unsigned slot);

  void run(std::uint64_t id, std::uint32_t box, RunSpec spec);
  void start(RunState& run, unsigned number, const StoredBox& box, RunSpec spec);
  JobOrder make_order(RunState& run, const StoredBox& box, unsigned number, RunSpec spec);
  void show_paths(RunSpec& spec, const StoredBox& box);
  ZygoteProcess& zygote_for(unsigned number, bool network);
  void spawn_zygote(ZygoteProcess& zygote, unsigned number, bool network);
  void prove_a_job();
  void cancel(std::uint64_t id);
  void kill_strays() const;
  void kill(RunState& run) const noexcept;
  bool drain(RunState& run);
  void look_at(RunState& run) const;
  void reaped(pid_t pid, int status, const rusage& used);
  void zygote_died(pid_t pid);
  void finish_if_over(unsigned number);
  void finish(unsigned number);
  void fail(RunState& run, const std::string& text) const;
  void post(const Encoder& message, std::vector<UniqueFd> keep);
  void report(RunReport report, std::uint64_t id);
  void flush();

  int server_;
  Setup setup_;
  BoxStore boxes_;
  std::vector<Slot> slots_;
  UniqueFd children_;
  UniqueFd poll_;
  std::deque<Outgoing> outgoing_;
  /// Inits that were reaped before their zygote could say whose they are.
  std::map<pid_t, std::pair<int, rusage>> early_;
  bool closed_ = false;
  std::optional<JailConfig> next_;
};

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
    on_zygote(number, false);
    on_zygote(number, true);
  }
  while (::wait4(-1, nullptr, WNOHANG, nullptr) >= 0) {
    kill_strays();
    constexpr timespec k_pause{0, 1'000'000};
    ::nanosleep(&k_pause, nullptr);
  }
}

/// Children that are neither zygote nor init: processes of a job without namespaces whose init was killed come to us.
void Broker::kill_strays() const {
  for (pid_t pid : children_of(::getpid())) {
    bool known = std::any_of(slots_.begin(), slots_.end(), [pid](const Slot& slot) {
      return slot.zygotes[0].pid == pid || slot.zygotes[1].pid == pid || (slot.run && slot.run->init == pid);
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
      on_zygote(slot, false);
      break;
    case Source::zygote_with_network:
      on_zygote(slot, true);
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

void Broker::run(std::uint64_t id, std::uint32_t box_id, RunSpec spec) {
  auto state = std::make_unique<RunState>(id, box_id, spec);
  state->started = Monotonic::now();
  StoredBox* box = boxes_.find(box_id);
  auto free = std::find_if(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.run == nullptr; });
  std::string error;
  if (box == nullptr) error = "the box is not there";
  if (box != nullptr) error = box->error;
  if (box != nullptr && box->busy) error = "a run is in the box already";
  if (free == slots_.end()) error = "more runs than slots";
  if (spec.argv.empty()) error = "no program given";
  if (!error.empty()) {
    fail(*state, error);
    report(judge(*state), id);
    return;
  }
  auto number = static_cast<unsigned>(free - slots_.begin());
  box->busy = true;
  free->run = std::move(state);
  try {
    start(*free->run, number, *box, std::move(spec));
  } catch (const Error& failure) {
    fail(*free->run, failure.what());
  }
  finish_if_over(number);
}

void Broker::start(RunState& run, unsigned number, const StoredBox& box, RunSpec spec) {
  run.watches_memory = run.limits.memory != 0 && !setup_.groups->limits_memory();
  run.next_look = run.started + (run.watches_memory ? k_short_look_period : k_look_period);
  setup_.groups->begin(number, run.limits);
  JobOrder order = make_order(run, box, number, std::move(spec));
  Encoder message(Kind::run);
  message(order);
  for (int attempt = 0;; ++attempt) {  // a zygote may have died since its last job
    ZygoteProcess& zygote = zygote_for(number, run.network);
    try {
      send_message(zygote.channel.get(), message.data(), message.fds(), 0);
      break;
    } catch (const SysError&) {
      if (attempt != 0) throw;
      zygote.channel.reset();
    }
  }
}

JobOrder Broker::make_order(RunState& run, const StoredBox& box, unsigned number, RunSpec spec) {
  JobOrder order;
  order.run = run.id;
  order.uid = box.uid;
  bool full = setup_.config.mode == Mode::full;
  if (full) show_paths(spec, box);
  if (full) order.box = boxes_.mount_of(box);
  order.directory = full ? k_box_path : boxes_.path_of(box);
  if (!spec.directory.empty()) order.directory.append("/").append(spec.directory);
  if (int group = setup_.groups->clone_into(number); group >= 0) {
    order.clone_into.reset(::fcntl(group, F_DUPFD_CLOEXEC, 0));
  }
  if (!spec.discard_output) {
    Pipe pipe = make_pipe();
    if (::fcntl(pipe.read_end.get(), F_SETFL, O_NONBLOCK) != 0) throw SysError("fcntl", "log");
    run.log_pipe = std::move(pipe.read_end);
    watch(run.log_pipe.get(), Source::log, number);
    order.output = std::move(pipe.write_end);
  }
  order.spec = std::move(spec);
  return order;
}

/// Descriptors of the server become mounts; what leads into the box gets its mount point there. Configured paths that
/// lie under /tmp are among the latter: the view has only a link to the box there.
void Broker::show_paths(RunSpec& spec, const StoredBox& box) {
  std::vector<VisiblePath> shown;
  for (const VisiblePath& each : spec.visible) shown.push_back({each.path, open_visible(each.path, &each.fd)});
  for (const std::string& path : setup_.config.visible) {
    if (!leads_into_box(path)) continue;
    UniqueFd mount = open_visible(path, nullptr);
    if (mount) shown.push_back({path, std::move(mount)});
  }
  std::sort(shown.begin(), shown.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  for (const VisiblePath& each : shown) {
    if (leads_into_box(each.path)) boxes_.make_mount_point(box, path_in_box(each.path), each.fd.get());
  }
  spec.visible = std::move(shown);
}

ZygoteProcess& Broker::zygote_for(unsigned number, bool network) {
  ZygoteProcess& zygote = slots_[number].zygotes[network ? 1 : 0];
  if (!zygote.channel) spawn_zygote(zygote, number, network);
  return zygote;
}

void Broker::spawn_zygote(ZygoteProcess& zygote, unsigned number, bool network) {
  auto [ours, theirs] = make_socket_pair(SOCK_SEQPACKET);
  ZygoteSpec spec;
  spec.mode = setup_.config.mode;
  spec.slot = number;
  spec.slots = setup_.config.slots;
  spec.network = network;
  spec.change_user = setup_.root;
  spec.broker = ::getpid();
  spec.channel = theirs.get();
  spec.null = setup_.null.get();
  spec.open_files = setup_.open_files;
  spec.groups = setup_.groups.get();
  spec.filter = &setup_.filters[network ? 1 : 0];
  spec.staging = setup_.staging;
  spec.view.visible = setup_.config.visible;
  spec.view.user_name = setup_.config.user_name;
  spec.view.first_uid = setup_.first_uid;
  spec.view.uid_count = setup_.uids;
  spec.view.network = network;
  spec.view.host_proc = !setup_.root;
  zygote.pid = ::fork();
  if (zygote.pid == 0) run_zygote(spec);
  if (zygote.pid < 0) throw SysError("fork", "zygote");
  zygote.channel = std::move(ours);
  watch(zygote.channel.get(), network ? Source::zygote_with_network : Source::zygote, number);
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
  RunState run(0, k_box, spec);
  start(run, 0, box, std::move(spec));
  ZygoteReport report;
  while (report.what != ZygoteReport::What::failed) {
    ssize_t n = ::recv(slots_[0].zygotes[0].channel.get(), &report, sizeof report, 0);
    if (n != static_cast<ssize_t>(sizeof report)) throw Error("no jail can be had here: the first zygote died");
    if (report.what == ZygoteReport::What::started) run.init = report.pid;
  }
  if (run.init > 0) ::waitpid(run.init, nullptr, 0);
  boxes_.drop(k_box);
  if (report.step == Step::execute) return;
  run.failure = {report.step, report.error};
  run.failure_text = report.text;
  std::string hint = report.step == Step::mount_proc ? " (in a container: run it with an unmasked /proc)" : "";
  throw Error("no jail can be had here: " + judge(run).reason + hint);
}

void Broker::on_zygote(unsigned slot, bool network) {
  for (;;) {
    UniqueFd& channel = slots_[slot].zygotes[network ? 1 : 0].channel;
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

/// Takes what is there, up to a bound so that other jobs have their turn. False at the end of the log.
bool Broker::drain(RunState& run) {
  constexpr std::size_t k_chunk = std::size_t{64} << 10;
  constexpr int k_chunks = 16;
  static std::array<char, k_chunk> buffer;
  for (int i = 0; i < k_chunks; ++i) {
    ssize_t n = ::read(run.log_pipe.get(), buffer.data(), buffer.size());
    if (n == 0) return false;
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    run.log.add({buffer.data(), static_cast<std::size_t>(n)});
    if (run.limits.log_drained != 0 && run.log.total() > run.limits.log_drained && !run.log_exceeded) {
      run.log_exceeded = true;
      kill(run);
    }
  }
  return true;
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
    if (slot.zygotes[0].pid == pid || slot.zygotes[1].pid == pid) return zygote_died(pid);
  }
  bool starting = std::any_of(slots_.begin(), slots_.end(), [](const Slot& s) { return s.run && s.run->init < 0; });
  if (!starting) early_.clear();
  if (starting) early_[pid] = {status, used};
}

void Broker::zygote_died(pid_t pid) {
  for (unsigned number = 0; number < slots_.size(); ++number) {
    for (bool network : {false, true}) {
      ZygoteProcess& zygote = slots_[number].zygotes[network ? 1 : 0];
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

void Broker::look_at(RunState& run) const {
  if (run.init < 0) return;
  TreeUsage usage = usage_of_tree(run.init);
  const Limits& limits = run.limits;
  if (limits.cpu_time.count() != 0 && usage.cpu > limits.cpu_time) run.cpu_exceeded = true;
  run.usage.peak_memory = std::max(run.usage.peak_memory, usage.memory);
  if (run.watches_memory && usage.memory > limits.memory) run.memory_exceeded = true;
  if (run.cpu_exceeded || run.memory_exceeded) kill(run);
}

void Broker::cancel(std::uint64_t id) {
  for (Slot& slot : slots_) {
    if (!slot.run || slot.run->id != id) continue;
    slot.run->cancelled = true;
    kill(*slot.run);
  }
}

/// init is our child and was not reaped, so the pid is its own. Without namespaces it must kill the others first.
void Broker::kill(RunState& run) const noexcept {
  if (run.init < 0 || run.init_status) return;
  // A killed init has not waited for its children, so rusage will not count them.
  run.cpu = std::max(run.cpu, usage_of_tree(run.init).cpu);
  ::kill(run.init, setup_.config.mode == Mode::full ? SIGKILL : SIGTERM);
}

void Broker::fail(RunState& run, const std::string& text) const {
  run.failure = {Step::zygote, 0};
  run.failure_text = text;
}

/// Over: init has been reaped, or there never was one and never will be.
void Broker::finish_if_over(unsigned number) {
  RunState* run = slots_[number].run.get();
  if (run == nullptr) return;
  if (run->init_status || (run->failure && run->init < 0)) finish(number);
}

void Broker::finish(unsigned number) {
  // What init said last may still be in the channel: its end reached us first.
  on_zygote(number, slots_[number].run->network);
  RunState& run = *slots_[number].run;
  if (run.log_pipe) drain(run);  // a pipe holds no more than one call takes
  try {
    ControlGroups::Usage usage = setup_.groups->end(number);
    run.usage.out_of_memory = usage.out_of_memory;
    run.usage.peak_memory = std::max(run.usage.peak_memory, usage.peak_memory);
    if (run.watches_memory && run.largest_process > run.limits.memory) run.memory_exceeded = true;
  } catch (const Error& error) {
    fail(run, error.what());
  }
  RunReport result = judge(run);
  result.log = run.log.take();
  if (StoredBox* box = boxes_.find(run.box)) {
    box->busy = false;
    result.box_was_full = boxes_.is_full(*box);
    for (const WantedFile& wanted : run.outputs) result.outputs.push_back(boxes_.collect(*box, wanted));
    if (box->dropped) boxes_.drop(run.box);  // `box` is gone now
  }
  std::uint64_t id = run.id;
  slots_[number].run.reset();
  report(std::move(result), id);
  flush();
  setup_.groups->refresh(number);
}

void Broker::report(RunReport report, std::uint64_t id) {
  Encoder message(Kind::report);
  message(id, report);
  std::vector<UniqueFd> fds;
  for (OutputFile& output : report.outputs) {
    if (output.fd) fds.push_back(std::move(output.fd));
  }
  post(message, std::move(fds));
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
      std::fprintf(stderr, "ej-jail: %s\n", error.what());  // the server sees the end of the socket
    } else {
      send(socket, Kind::refused, std::string{error.what()});
    }
    return 1;
  }
}

}  // namespace ejf::jail
