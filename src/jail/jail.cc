// SPDX-License-Identifier: Apache-2.0
#include "jail/jail.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <map>
#include <thread>
#include <utility>

#include "base/child.h"
#include "base/clock.h"
#include "base/error.h"
#include "jail/view.h"
#include "jail/wire.h"

namespace ejf::jail {

namespace {

void wait_for(int socket, short events, int milliseconds = -1) {
  pollfd wanted{socket, events, 0};
  if (::poll(&wanted, 1, milliseconds) < 0 && errno != EINTR) throw SysError("poll", "the jail's broker");
}

/// Event loops make a socket that they watch non-blocking; a message must not get lost for that.
void send_waiting(int socket, const Encoder& message) {
  while (!send_message(socket, message.data(), message.fds(), 0)) wait_for(socket, POLLOUT);
}

UniqueFd connect_to_broker(const std::string& path) {
  UniqueFd socket = try_connect(path, SOCK_SEQPACKET);
  if (!socket) throw SysError("connect to the jail's socket", path);
  return socket;
}

Received receive_waiting(int socket, Message& message, std::chrono::milliseconds patience) {
  const auto end = Monotonic::now() + patience;
  for (;;) {
    const Received received = receive_message(socket, message, MSG_DONTWAIT);
    if (received != Received::nothing) return received;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Monotonic::now());
    if (left.count() <= 0) throw Error("the jail's broker does not get ready");
    wait_for(socket, POLLIN, static_cast<int>(left.count()));
  }
}

}  // namespace

/// What a Jail is made of; its boxes refer to it, and may live longer.
class BrokerClient {
 public:
  using RunId = Jail::RunId;
  using Callback = Jail::Callback;

  explicit BrokerClient(JailConfig config) : config_(std::move(config)) { start(); }
  BrokerClient(JailConfig config, UniqueFd broker) : config_(std::move(config)) { configure(std::move(broker)); }
  BrokerClient(const BrokerClient&) = delete;
  BrokerClient& operator=(const BrokerClient&) = delete;
  ~BrokerClient() { stop(); }

  const Features& features() const noexcept { return features_; }
  const JailConfig& config() const noexcept { return config_; }
  UniqueFd release() {
    EJF_CHECK(callbacks_.empty());
    if (broker_) broker_->release();
    broker_.reset();
    return std::move(socket_);
  }
  pid_t broker_pid() const noexcept { return broker_ ? broker_->pid() : -1; }
  int fd() const noexcept { return socket_.get(); }
  std::uint32_t next_box() noexcept { return ++last_box_; }

  /// A broker that has gone is found out by process(); until then nobody can be told.
  template <typename... T>
  void tell(Kind kind, const T&... content) {
    Encoder message(kind);
    message(content...);
    try {
      send(message);
    } catch (const SysError&) {
      lose_broker();
    }
  }
  /// What goes into a box. Without a descriptor or memory for the message the box is of no use, but the broker is.
  template <typename... T>
  void fill(std::uint32_t box, Kind kind, const T&... content) {
    if (spoiled_.contains(box)) return;
    Encoder message(kind);
    message(content...);
    try {
      send(message);
    } catch (const SysError& error) {
      if (!is_machine_fault(error.code())) return lose_broker();
      spoiled_.emplace(box, error.what());
    }
  }
  void drop(std::uint32_t box) {
    tell(Kind::drop_box, box);
    spoiled_.erase(box);
  }

  RunId run(std::uint32_t box, const RunSpec& spec, Callback callback) {
    if (!socket_) throw Error("there is no jail now");
    if (auto found = spoiled_.find(box); found != spoiled_.end()) throw Error(found->second);
    RunId id = ++last_run_;
    Encoder message(Kind::run);
    message(id, box, spec);
    try {
      send(message);
    } catch (const SysError& error) {
      if (is_machine_fault(error.code())) throw;
      lose_broker();  // process() tells the callback
    }
    callbacks_.emplace(id, std::move(callback));
    return id;
  }

  void process() {
    for (Message message; receive(message); message = {}) {
      RunId id = 0;
      RunReport report;
      try {
        report = decode(std::move(message), id);
      } catch (const std::exception&) {
        lose_broker();
        continue;
      }
      finish(id, std::move(report));
    }
  }
  void restart() { start_as_good(); }

 private:
  void send(const Encoder& message) const {
    if (socket_) send_waiting(socket_.get(), message);
  }
  /// Makes fd() readable, whatever the reason was.
  void lose_broker() const noexcept { ::shutdown(socket_.get(), SHUT_RDWR); }
  /// False when there is nothing now, or no broker any more.
  bool receive(Message& message) {
    while (socket_) {
      Received received = Received::closed;
      try {
        received = receive_message(socket_.get(), message, MSG_DONTWAIT);
      } catch (const std::exception&) {
        lose_broker();  // a message is lost, and with it a run
        continue;
      }
      if (received == Received::message) return true;
      if (received == Received::closed) replace_broker();
      return false;
    }
    return false;
  }
  static RunReport decode(Message message, RunId& id) {
    const bool is_cut = message.is_cut;
    Decoder in(std::move(message));
    if (in.take<Kind>() != Kind::report) throw Error("the jail's broker sent what is not for the server");
    id = in.take<RunId>();
    return is_cut ? failed("no descriptors are free for the results") : in.take<RunReport>();
  }
  static RunReport failed(std::string reason) {
    RunReport report;
    report.reason = std::move(reason);
    return report;
  }
  void start();
  void start_as_good();
  void start_again();
  void configure(UniqueFd broker);
  void stop();
  void finish(RunId id, RunReport report) {
    auto found = callbacks_.find(id);
    if (found == callbacks_.end()) return;
    Callback callback = std::move(found->second);
    callbacks_.erase(found);
    callback(std::move(report));
  }

  /// The runs fail only when the new broker is there: their callbacks may start others at once.
  void replace_broker() {
    auto lost = std::exchange(callbacks_, {});
    spoiled_.clear();
    std::string why;
    try {
      start_again();
    } catch (const std::exception& error) {
      why = error.what();
    }
    for (auto& [id, callback] : lost) callback(failed("the jail's broker died"));
    if (!why.empty()) throw Error(why);
  }

  JailConfig config_;
  UniqueFd socket_;
  std::unique_ptr<Child> broker_;
  Features features_;
  std::map<RunId, Callback> callbacks_;
  std::map<std::uint32_t, std::string> spoiled_;  ///< boxes that lack something, and why
  RunId last_run_ = 0;
  std::uint32_t last_box_ = 0;
};

/// The end of our socket is the broker's order to end: it kills and reaps every job and removes what it made. Should it
/// not come to its end, it is killed, which ends everything below it too. One that is none of our children closes its
/// end when it has done all that.
void BrokerClient::stop() {
  constexpr int k_patience_ms = 10'000;
  pollfd end{socket_.get(), 0, 0};  // POLLHUP comes unasked
  if (broker_) {
    socket_.reset();
    end = {broker_->pidfd(), POLLIN, 0};
  } else if (socket_) {
    ::shutdown(socket_.get(), SHUT_WR);
  }
  while (end.fd >= 0 && ::poll(&end, 1, k_patience_ms) < 0 && errno == EINTR) {
  }
  socket_.reset();
  broker_.reset();
}

void BrokerClient::start() {
  stop();
  if (!config_.socket.empty()) return configure(connect_to_broker(config_.socket));
  auto [ours, theirs] = make_socket_pair(SOCK_SEQPACKET);
  constexpr int k_broker_fd = 3;
  constexpr int k_stderr = 2;
  ChildSpec spec;
  spec.program = config_.broker;
  spec.argv = {"ej-jail", "--broker", std::to_string(k_broker_fd)};
  spec.fds = {{theirs.get(), k_broker_fd}, {k_stderr, k_stderr}};
  broker_ = std::make_unique<Child>(spec);
  theirs.reset();
  configure(std::move(ours));
}

/// Not behind fewer walls than were announced: a server that gave up root after its start, for one, would get the jail
/// of an ordinary user. Throws Error then, and there is none.
void BrokerClient::start_as_good() {
  const auto walls = [](const Features& features) {
    return features.namespaces + (features.seccomp ? ", seccomp" : "") + ", cgroup " + features.cgroup;
  };
  const Features before = features_;
  start();
  if (walls(features_) == walls(before)) return;
  const std::string now = walls(std::exchange(features_, before));
  stop();
  throw Error("a new one would be another jail: " + now + " instead of " + walls(before));
}

/// Who kills brokers may kill a new one too, before it is ready.
void BrokerClient::start_again() {
  constexpr int k_attempts = 5;
  constexpr std::chrono::seconds k_patience{5};
  constexpr std::chrono::milliseconds k_pause{50};
  const auto begin = Monotonic::now();
  for (int attempt = 1;; ++attempt) {
    try {
      return start_as_good();
    } catch (const Error&) {
      if (attempt >= k_attempts && Monotonic::now() - begin > k_patience) throw;
    }
    std::this_thread::sleep_for(k_pause);
  }
}

void BrokerClient::configure(UniqueFd broker) {
  Encoder configuration(Kind::configure);
  configuration(config_);
  send_waiting(broker.get(), configuration);
  Message message;
  if (receive_waiting(broker.get(), message, config_.start_patience) != Received::message) {
    throw Error("the jail's broker " + (config_.socket.empty() ? config_.broker : config_.socket) + " died at start");
  }
  Decoder in(std::move(message));
  if (in.take<Kind>() != Kind::ready) throw Error(in.take<std::string>());
  features_ = in.take<Features>();
  socket_ = std::move(broker);
}

Box::Box(Box&& other) noexcept : client_(std::move(other.client_)), id_(other.id_) {}

Box::~Box() {
  if (auto client = client_.lock()) client->drop(id_);
}

RunSpec RunSpec::duplicate() const {
  auto again = [](const UniqueFd& fd) { return fd ? fd.duplicate() : UniqueFd{}; };
  RunSpec copy{.argv = argv,
               .env = env,
               .directory = directory,
               .standard_input = again(standard_input),
               .discard_output = discard_output,
               .network = network,
               .loopback = loopback,
               .read_only_box = read_only_box,
               .limits = limits,
               .visible = {},
               .outputs = outputs};
  for (const VisiblePath& each : visible) copy.visible.push_back({each.path, again(each.fd)});
  return copy;
}

Jail::Jail(const JailConfig& config) : client_(std::make_shared<BrokerClient>(config)) {}

Jail::Jail(const JailConfig& config, UniqueFd broker)
    : client_(std::make_shared<BrokerClient>(config, std::move(broker))) {}

Jail::~Jail() = default;

UniqueFd Jail::release() {
  return client_->release();
}

const Features& Jail::features() const noexcept {
  return client_->features();
}

pid_t Jail::broker_pid() const noexcept {
  return client_->broker_pid();
}

int Jail::fd() const noexcept {
  return client_->fd();
}

void Jail::process() {
  client_->process();
}

void Jail::restart() {
  client_->restart();
}

Box Jail::make_box(const BoxSpec& spec) {
  Box box(client_, client_->next_box());
  client_->fill(box.id(), Kind::make_box, box.id(), spec);
  return box;
}

void Jail::put_file(Box& box, const std::string& name, UniqueFd content, mode_t mode, FileTime time) {
  FileOrder order;
  order.box = box.id();
  order.name = name;
  order.mode = mode;
  order.time = time;
  order.content = std::move(content);
  client_->fill(box.id(), Kind::put_file, order);
}

void Jail::put_directory(Box& box, const std::string& name, mode_t mode) {
  FileOrder order;
  order.box = box.id();
  order.name = name;
  order.mode = mode;
  client_->fill(box.id(), Kind::put_directory, order);
}

void Jail::put_symlink(Box& box, const std::string& name, const std::string& target) {
  FileOrder order;
  order.box = box.id();
  order.name = name;
  order.target = target;
  client_->fill(box.id(), Kind::put_symlink, order);
}

std::string Jail::directory(const Box& box) const {
  const JailConfig& config = client_->config();
  if (config.mode == Mode::full) return k_box_path;
  return config.work_dir + "/" + box_prefix(config) + std::to_string(box.id());
}

Jail::RunId Jail::run(Box& box, RunSpec spec, Callback callback) {
  return client_->run(box.id(), spec, std::move(callback));
}

void Jail::cancel(RunId run) {
  client_->tell(Kind::cancel, run);
}

}  // namespace ejf::jail
