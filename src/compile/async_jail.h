// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <map>
#include <memory>

#include "jail/jail.h"

namespace ejf::compile {

/// A jail on an Asio loop: waits for its descriptor and makes runs awaitable. The jail may outlive the loop: whoever
/// waits for a run then goes with this object, not with the jail, because a coroutine cannot end without its loop.
class AsyncJail {
 public:
  AsyncJail(const boost::asio::any_io_executor& executor, jail::Jail& jail);
  AsyncJail(const AsyncJail&) = delete;
  AsyncJail& operator=(const AsyncJail&) = delete;
  ~AsyncJail();

  jail::Jail& jail() noexcept { return jail_; }
  boost::asio::awaitable<jail::RunReport> run(jail::Box& box, jail::RunSpec spec);
  /// Every run that is under way ends with Verdict::cancelled, and so does at once every run from now on.
  void cancel_all();
  /// Called when the broker died and no new one could be started, again each time that this was tried in vain, and with
  /// nullptr when there is one again. Meanwhile every run ends with Verdict::jail_failed. Without it the exception
  /// leaves the loop.
  void on_failure(std::function<void(const std::exception*)> handler) { on_failure_ = std::move(handler); }
  bool is_lost() const noexcept { return is_lost_; }

 private:
  void wait();
  void take_reports();
  void restart_later();
  void restart();

  jail::Jail& jail_;
  boost::asio::posix::stream_descriptor descriptor_;
  std::map<jail::Jail::RunId, std::shared_ptr<void>> running_;  ///< who waits for which run
  bool is_cancelled_ = false;
  bool is_lost_ = false;
  boost::asio::steady_timer restart_timer_;
  std::chrono::milliseconds restart_pause_{};
  std::function<void(const std::exception*)> on_failure_;
};

}  // namespace ejf::compile
