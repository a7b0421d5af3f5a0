// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <optional>
#include <string>

#include "server/troubles.h"
#include "spool/directory_watch.h"

namespace ejf::server {

/// A DirectoryWatch whose news are events of the loop. Ends by itself when the directory is lost or cannot be watched
/// any longer: is_active() tells, and its user, who looks at the directory now and then anyway, starts it again.
class LoopWatch {
 public:
  using OnEvents = std::function<void(const spool::DirectoryWatch::Events&)>;

  LoopWatch(boost::asio::io_context& loop, Troubles& troubles, OnEvents on_events);
  LoopWatch(const LoopWatch&) = delete;
  LoopWatch& operator=(const LoopWatch&) = delete;
  ~LoopWatch();

  /// Instead of what was watched before.
  void start(const std::string& directory);
  void stop();
  bool is_active() const noexcept { return watch_.has_value(); }

 private:
  void wait();
  void on_readable();

  Troubles& troubles_;
  OnEvents on_events_;
  std::optional<spool::DirectoryWatch> watch_;
  boost::asio::posix::stream_descriptor descriptor_;
  unsigned generation_ = 0;  ///< an event that was due when its watch ended must not be taken for the next one's
};

}  // namespace ejf::server
