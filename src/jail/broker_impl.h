// SPDX-License-Identifier: Apache-2.0
// The broker's class; for its two files only. broker.cc: events and ends. broker_runs.cc: the life of a run.
#pragma once

#include <sys/epoll.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "jail/box_store.h"
#include "jail/broker_setup.h"
#include "jail/inmate.h"
#include "jail/run_state.h"
#include "jail/wire.h"
#include "jail/zygote.h"

namespace ejf::jail {

/// What an event of epoll is about.
enum class Source : std::uint32_t { server, children, log, zygote, zygote_with_network, zygote_with_loopback };

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

inline constexpr std::chrono::milliseconds k_look_period{50};
inline constexpr std::chrono::milliseconds k_short_look_period{10};  // where no control group limits memory

struct ZygoteProcess {
  pid_t pid = -1;
  UniqueFd channel;
};

struct Slot {
  std::array<ZygoteProcess, k_networks.size()> zygotes;  ///< by Network

  ZygoteProcess& zygote(Network network) noexcept { return zygotes[static_cast<std::size_t>(network)]; }
  bool has_zygote(pid_t pid) const noexcept {
    return std::any_of(zygotes.begin(), zygotes.end(), [pid](const ZygoteProcess& each) { return each.pid == pid; });
  }
  std::unique_ptr<RunState> run;
};

struct Outgoing {
  std::string data;
  std::vector<UniqueFd> fds;
};

/// All that the broker does after its set-up; broker.cc tells how.
class Broker {
 public:
  Broker(int server, JailConfig config);
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
  void on_zygote(unsigned slot, Network network);
  void on_log(unsigned slot);
  void on_children();
  void on_deadlines();
  void on_zygote_report(const ZygoteReport& report, unsigned slot);

  void run(std::uint64_t id, std::uint32_t box, RunSpec spec);
  void start(RunState& run, unsigned number, const StoredBox& box, RunSpec spec);
  JobOrder make_order(RunState& run, const StoredBox& box, unsigned number, RunSpec spec);
  void show_paths(RunSpec& spec, const StoredBox& box);
  ZygoteProcess& zygote_for(unsigned number, Network network);
  void spawn_zygote(ZygoteProcess& zygote, unsigned number, Network network);
  void prove_a_job();
  void cancel(std::uint64_t id);
  void kill_strays() const;
  void kill(RunState& run) const noexcept;
  bool drain(RunState& run);
  void look_at(RunState& run) const;
  std::uint64_t box_bytes(const RunState& run) const;
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

}  // namespace ejf::jail
