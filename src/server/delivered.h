// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "spool/claim.h"
#include "spool/file_systems.h"
#include "spool/reply_side.h"

namespace ejf::server {

/// Requests whose answers are out but may not be on disk yet. Each keeps its claim until they are, so that a machine
/// that goes down loses none: no answer waits for a disk, and one wait is enough for all that were given meanwhile.
/// For the thread of the loop.
class Delivered {
 public:
  /// `interval`: between two waits for the disk. `on_doubt` gets the claims of answers that the disk may not have
  /// taken, as claims that are to be worked on again.
  Delivered(boost::asio::io_context& loop, std::chrono::milliseconds interval,
            std::function<void(spool::Claim)> on_doubt);
  Delivered(const Delivered&) = delete;
  Delivered& operator=(const Delivered&) = delete;
  /// Waits for a disk that is being waited for. Claims that are left stay for RequestQueue::adopt().
  ~Delivered();

  /// The answer is in `side`; `suffix` is that of the source. Throws SysError, and leaves the claim then.
  void add(spool::Claim&& claim, const std::string& suffix, spool::ReplySide& side);
  /// A file system, by an open file, where parts of every answer may be besides.
  void also_sync(int fd) { always_.add(fd); }
  bool is_syncing() const noexcept { return is_syncing_; }
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
  void synced(const std::string& failure);
  void let_go_some();
  void doubt(std::vector<Entry>& entries);

  boost::asio::io_context& loop_;
  std::chrono::milliseconds interval_;
  boost::asio::steady_timer timer_;
  Batch waiting_;
  Batch syncing_;  ///< its file systems are the other thread's until synced()
  spool::FileSystems always_;
  bool is_busy_ = false;
  bool is_syncing_ = false;
  std::function<void(spool::Claim)> on_doubt_;
  std::function<void()> on_settled_;
  boost::asio::thread_pool thread_{1};  ///< the last member: joined first
};

}  // namespace ejf::server
