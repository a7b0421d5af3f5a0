// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>

#include "compile/async_jail.h"
#include "compile/slots.h"
#include "compile/workshop.h"
#include "jail/jail.h"
#include "lang/termination.h"
#include "server/configuration.h"

namespace ejf::tools {

/// A jail and what compilations in it need, for a tool that tries languages without a server: as many at one time as
/// the jail has slots.
class SampleLoop {
 public:
  /// Throws Error when no jail can be had.
  SampleLoop(const server::Configuration& configuration, const jail::JailConfig& jail, bool is_jailed);

  boost::asio::io_context& context() noexcept { return loop_; }
  const jail::Jail& jail() const noexcept { return jail_; }
  compile::Workshop& workshop() noexcept { return workshop_; }

  /// Until stop(); `show` is called now and every second. Who wants the program to end cancels what runs; then it
  /// throws lang::Interrupted.
  void run(std::function<void()> show);
  void stop() { loop_.stop(); }

 private:
  void tick();

  lang::TerminationSignals signals_;
  jail::Jail jail_;
  boost::asio::io_context loop_{1};
  compile::AsyncJail async_jail_;
  compile::SlotPool slots_;
  boost::asio::thread_pool pool_{1};
  compile::Workshop workshop_;
  boost::asio::posix::stream_descriptor signal_;
  boost::asio::steady_timer timer_;
  std::function<void()> show_;
};

}  // namespace ejf::tools
