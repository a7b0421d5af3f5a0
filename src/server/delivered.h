// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <string>
#include <vector>

#include "server/troubles.h"
#include "spool/claim.h"
#include "spool/file_systems.h"
#include "spool/reply_side.h"

namespace ejf::server {

/// Requests whose answers are out but may not be on disk yet. Each keeps its claim until they are, so that a machine
/// that goes down loses none: no answer waits for a disk, and one wait is enough for all that were given meanwhile.
/// For the thread of the loop.
class Delivered {
 public:
  /// `interval`: the least time from one wait for the disk to the next. `on_doubt` gets the claims of answers that the
  /// disk may not have taken, as claims that are to be worked on again: once it takes something again, or at the end.
  Delivered(boost::asio::io_context& loop, Troubles& troubles, std::chrono::milliseconds interval,
            std::function<void(spool::Claim)> on_doubt);
  Delivered(const Delivered&) = delete;
  Delivered& operator=(const Delivered&) = delete;
  /// Waits for a disk that is being waited for. Claims that are left stay for RequestQueue::adopt().
  ~Delivered();

  /// The answer is in `side`; `suffix` is that of the source. Throws SysError, and leaves the claim then.
  void add(spool::Claim&& claim, const std::string& suffix, spool::ReplySide& side);
  /// A file system, by an open file, where parts of every answer may be besides.
  void also_sync(int fd) { always_.add(fd); }
  /// Calls back, at once or later, when there are none left.
  void settle(std::function<void()> on_settled);

 private:
  struct Entry {
    spool::Claim claim;
    std::string suffix;
  };
  struct Batch {
    std::vector<Entry> entries;
    spool::FileSystems file_systems;
  };

  void wait();
  void sync();
  void synced(const std::exception_ptr& failure);
  void refused(const std::exception& error);
  void let_go(Entry&& entry);
  void pause();
  void let_go_some();
  void doubt_all();

  boost::asio::io_context& loop_;
  Troubles& troubles_;
  std::chrono::milliseconds interval_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer::time_point next_sync_{};  ///< not before
  Batch waiting_;
  Batch syncing_;                ///< its file systems are the other thread's until synced()
  std::vector<Entry> doubtful_;  ///< a disk refused something since they were answered
  std::vector<Entry> stuck_;     ///< cannot be removed now
  std::chrono::milliseconds pause_{};
  spool::FileSystems always_;
  bool is_busy_ = false;
  std::function<void(spool::Claim)> on_doubt_;
  std::function<void()> on_settled_;
  boost::asio::thread_pool thread_{1};  ///< the last member: joined first
};

}  // namespace ejf::server
