// SPDX-License-Identifier: Apache-2.0
// The loop: takes requests from the spool, gives them to slots, delivers what came of them. One thread changes state;
// signals, inotify, timers and the jail's reports are events on it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "compile/async_jail.h"
#include "compile/compiler.h"
#include "compile/slots.h"
#include "jail/jail.h"
#include "observe/counters.h"
#include "server/configuration.h"
#include "server/delivered.h"
#include "server/heartbeat.h"
#include "server/local_cache.h"
#include "server/loop_watch.h"
#include "server/troubles.h"
#include "transport/local_spool.h"

namespace ejf::server {

/// In this order: while running jobs are let end, what comes later may replace what came before, not the other way
/// round.
enum class ExitAction {
  restart,
  stop,
  down,    ///< and halt the machine
  reboot,  ///< and reboot it
  fail,    ///< the jail or the slots are lost for good: somebody should start the server anew
};

class Server {
 public:
  /// `check_new_configuration` is asked on HUP: it throws ConfigError when a restart would fail. `lock_slots` takes the
  /// locks of a queue whose directories are new: it throws Error when another server has them.
  struct Hooks {
    std::function<void()> check_new_configuration;
    std::function<void()> reopen_log;
    std::function<void()> lock_slots;
  };

  Server(const Configuration& configuration, transport::LocalSpool& spool, jail::Jail& jail, bool is_jailed,
         Hooks hooks);
  ~Server();

  /// Serves until a signal or a control packet ends it; every running job is answered or given back by then.
  ExitAction run();

 private:
  enum class State { serving, finishing, cancelled };
  /// When a request was taken: what the clock said, and what no setting of the clock changes.
  struct Taken {
    WallTime clock = WallTime::now();
    Monotonic::time_point time = Monotonic::now();
  };

  static constexpr const char* k_put_off = "cannot go on with a request";

  // events
  void wait_for_signal();
  void on_signal(int signal);
  void take_names(const spool::DirectoryWatch::Events& news);
  void wait_for_scan();
  void scan();
  std::set<std::string> give_back_what_was_put_off();
  void follow_queue();
  void on_jail(const std::exception* failure);
  void tidy();
  void reload();
  void finish(ExitAction action);
  void on_grace_over();
  void obey(transport::ServerCommand command);

  // work
  void adopt_orphans(const std::set<std::string>& ours);
  void fill_slots();
  bool has_free_slot() const;
  bool is_suspect_next() const;
  void begin_alone(const std::string& packet);
  void end_alone(const std::string& packet);
  std::optional<spool::Claim> next_claim();
  void start(spool::Claim claim);
  boost::asio::awaitable<void> serve(spool::Claim claim);
  boost::asio::awaitable<void> handle(spool::Claim& claim);
  boost::asio::awaitable<compile::CompileOutcome> compile(spool::Claim& claim, const packet::CompileRequest& request);
  boost::asio::awaitable<compile::CompileOutcome> compile_once(spool::Claim& claim,
                                                               const packet::CompileRequest& request);
  boost::asio::awaitable<void> answer(spool::Claim& claim, const packet::CompileRequest& request,
                                      compile::CompileOutcome outcome, const Taken& taken);
  boost::asio::awaitable<void> rest(std::chrono::milliseconds pause);
  boost::asio::awaitable<void> work(spool::Claim& claim, const packet::CompileRequest& request);
  void map_language(packet::CompileRequest& request) const;
  boost::asio::awaitable<bool> keep_in_cache(const packet::CompileRequest& request, compile::CompileOutcome& outcome);
  boost::asio::awaitable<void> copy(std::uint64_t size, const std::function<void()>& action);
  boost::asio::awaitable<void> answer_unreadable(spool::Claim& claim, const packet::DecodeError& error);
  boost::asio::awaitable<bool> deliver(spool::Claim& claim, const packet::CompileRequest& request,
                                       const transport::Delivery& delivery);
  boost::asio::awaitable<void> put_report_files(const packet::CompileRequest& request,
                                                const transport::Delivery& delivery);
  boost::asio::awaitable<void> give_up(spool::Claim& claim, const packet::CompileRequest& request);
  void set_aside(spool::Claim& claim, const std::string& reason, const std::string& suffix);
  void obey(const packet::CompileRequest& control);
  void job_ended();
  void end_loop();

  const Configuration& configuration_;
  transport::LocalSpool& spool_;
  Hooks hooks_;
  boost::asio::io_context loop_{1};
  std::optional<LocalCache> cache_;  ///< before the pool, whose thread uses it until it is joined
  boost::asio::thread_pool pool_{1};
  boost::asio::signal_set signals_;
  boost::asio::steady_timer scan_timer_;
  boost::asio::steady_timer grace_timer_;
  Troubles troubles_;
  LoopWatch watch_;
  std::optional<Heartbeat> heartbeat_;
  compile::AsyncJail jail_;
  compile::SlotPool slots_;
  compile::Workshop workshop_;
  observe::Counters counters_;
  Delivered delivered_;
  bool has_slots_ = true;  ///< of the queue that there is now
  bool has_roots_broker_;  ///< which was started by this process, when it was root
  unsigned active_ = 0;
  std::string alone_;                             ///< a packet that may have crashed a server: nothing runs beside it
  std::deque<spool::Claim> adopted_;              ///< of servers that ended; they wait for a slot, before all others
  std::vector<spool::Claim> put_off_;             ///< nothing could be done with them; the next scan gives them back
  std::set<boost::asio::steady_timer*> retries_;  ///< requests that wait for the machine to recover
  State state_ = State::serving;
  ExitAction action_ = ExitAction::stop;
};

}  // namespace ejf::server
