// SPDX-License-Identifier: Apache-2.0
// The broker's class; for its files only. broker_start.cc: before it and after it. broker.cc: events and ends.
// broker_runs.cc: the life of a run. broker_inits.cc: the life of an init, from the slot's zygote to its end.
#pragma once

#include <sys/epoll.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "jail/box_store.h"
#include "jail/broker_setup.h"
#include "jail/inmate.h"
#include "jail/job_init.h"
#include "jail/run_state.h"
#include "jail/wire.h"
#include "jail/zygote.h"

namespace ejf::jail {

/// What an event of epoll is about.
enum class Source : std::uint32_t { server, children, log, init, zygote, zygote_with_network, zygote_with_loopback };

constexpr Source source_of(Network network) noexcept {
  switch (network) {
    case Network::host:
      return Source::zygote_with_network;
    case Network::loopback:
      return Source::zygote_with_loopback;
    case Network::none:
      break;
  }
  return Source::zygote;
}

/// Of what a server asks for; a run's arguments and variables are most of it, and exec takes less.
inline constexpr std::size_t k_most_order = std::size_t{16} << 20;

inline constexpr std::chrono::milliseconds k_look_period{50};
/// While a job runs the broker wakes up at least this often, to learn that it was stopped.
inline constexpr std::chrono::milliseconds k_heartbeat{1000};
inline constexpr std::chrono::milliseconds k_short_look_period{10};  // where no control group limits memory

struct ZygoteProcess {
  pid_t pid = -1;
  UniqueFd channel;
};

/// The one init of a slot.
struct Init {
  enum class State {
    parked,   ///< waits for an order
    at_work,  ///< has been sent one
    leaving,  ///< its job is over, or it is of the wrong kind: nothing but its end is awaited
  };
  pid_t pid = -1;    ///< not known before its first word
  UniqueFd channel;  ///< until it closed the other end
  Network network = Network::none;
  State state = State::parked;
  bool died_before_order = false;  ///< without having read it

  bool exists() const noexcept { return pid > 0 || channel; }
};

struct Slot {
  std::array<ZygoteProcess, k_networks.size()> zygotes;  ///< by Network

  ZygoteProcess& zygote(Network network) noexcept { return zygotes[static_cast<std::size_t>(network)]; }
  bool has_zygote(pid_t pid) const noexcept {
    return std::any_of(zygotes.begin(), zygotes.end(), [pid](const ZygoteProcess& each) { return each.pid == pid; });
  }
  Init init;
  Pipe log;  ///< of the next run, made ahead with its init
  std::unique_ptr<RunState> run;
  std::optional<JobOrder> order;         ///< of the run; another init may have to get it
  Network last_network = Network::none;  ///< of its last run, and so probably of the next one

  bool is_running() const noexcept { return run && init.pid > 0 && init.state == Init::State::at_work; }
};

struct Outgoing {
  std::string data;
  std::vector<UniqueFd> fds;
};

/// All that the broker does after its set-up; broker.cc tells how.
class Broker {
 public:
  Broker(int server, Admission admission);
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
  void make_box(std::uint32_t id, const BoxSpec& spec);
  FileOrder take_file(Decoder& in);
  void on_cut_message(Message message);
  void allow_for_standstill(std::chrono::milliseconds expected);
  void on_zygote(unsigned slot, Network network);
  void on_log(unsigned slot);
  void on_children();
  void on_deadlines();

  ZygoteProcess& zygote_for(unsigned number, Network network);
  void spawn_zygote(ZygoteProcess& zygote, unsigned number, Network network);
  void prepare(unsigned number, Network network);
  void park(unsigned number) noexcept;
  void hand_over(unsigned number);
  void on_init(unsigned number);
  void on_init_report(unsigned number, const InitReport& report, pid_t sender);
  void init_gone(unsigned number);
  void vacated(unsigned number);
  void reaped(pid_t pid, const rusage& used);
  void prove_a_job();

  void run(std::uint64_t id, std::uint32_t box, RunSpec spec);
  unsigned choose_slot(Network network) const;
  void begin(unsigned number);
  Pipe make_log(unsigned number) const;
  JobOrder make_order(RunState& run, StoredBox& box, unsigned number, RunSpec spec);
  void show_paths(RunSpec& spec, const StoredBox& box);
  void cancel(std::uint64_t id);
  void kill_strays();
  void kill(Slot& slot) const noexcept;
  bool drain(Slot& slot);
  void look_at(unsigned number);
  std::uint64_t box_bytes(const RunState& run) const;
  void zygote_died(pid_t pid);
  void finish(unsigned number);
  std::vector<OutputFile> collect_outputs(RunState& run, const StoredBox& box) const;
  void fail(RunState& run, const std::string& text) const;
  void post(const Encoder& message, std::vector<UniqueFd> keep);
  void report(RunReport report, std::uint64_t id);
  void flush();

  int server_;
  Setup setup_;
  BoxStore boxes_;
  std::vector<Slot> slots_;
  UniqueFd children_;
  Monotonic::time_point awake_ = Monotonic::now();  ///< last seen to be so
  UniqueFd poll_;
  std::deque<Outgoing> outgoing_;
  bool strays_wait_ = false;  ///< kill_strays() could not tell who they are
  bool closed_ = false;       ///< nothing new is begun
  std::optional<JailConfig> next_;
};

}  // namespace ejf::jail
