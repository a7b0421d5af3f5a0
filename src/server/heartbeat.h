// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "packet/heartbeat.h"
#include "server/loop_watch.h"
#include "server/troubles.h"
#include "transport/heartbeat_directory.h"

namespace ejf::server {

/// Shows ejudge's pages that this server lives, and hears what they tell it by control files. Works on the loop,
/// whether compilers run or not: a heartbeat is written at the start and then at each interval, a control file is
/// obeyed when it appears. What fails is logged once and tried again with the next heartbeat; it never disturbs the
/// server. The file goes with its owner.
class Heartbeat {
 public:
  struct Setup {
    std::string directory;  ///< <SPOOL>/<queue id>/heartbeat
    std::string base;       ///< of the file's name; see transport::heartbeat_base()
    std::string instance_id;
    std::string queue;
    std::string ip_address;
    std::chrono::milliseconds interval{};
  };
  using Obey = std::function<void(transport::ServerCommand)>;

  Heartbeat(boost::asio::io_context& loop, Troubles& troubles, Setup setup, Obey obey);
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;
  ~Heartbeat();

  /// The first heartbeat. Control files that are there already were meant for another process of our number.
  void start();
  /// The file stays: after a restart it is the same process that lives.
  void keep() noexcept { is_kept_ = true; }

  void request_begun(const WallTime& when);
  void request_ended(std::chrono::milliseconds duration);

 private:
  void wait();
  void beat();
  void open();
  void obey_commands();
  void write();
  void remove_stale();

  Setup setup_;
  Troubles& troubles_;
  Obey obey_;
  packet::Heartbeat heartbeat_;
  std::optional<transport::HeartbeatDirectory> directory_;
  boost::asio::steady_timer timer_;
  LoopWatch watch_;
  bool is_kept_ = false;
};

}  // namespace ejf::server
