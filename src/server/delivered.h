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
  /// `interval`: between two waits for the disk.
  Delivered(boost::asio::io_context& loop, std::chrono::milliseconds interval);
  Delivered(const Delivered&) = delete;
  Delivered& operator=(const Delivered&) = delete;
  /// Waits for a disk that is being waited for. Claims that are left stay for RequestQueue::adopt().
  ~Delivered();

  /// The answer is in `side`; `suffix` is that of the source. Throws SysError, and leaves the claim then.
  void add(spool::Claim&& claim, const std::string& suffix, spool::ReplySide& side);
  /// Calls back, at once or later, when there are none left, or when the disk failed.
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

  boost::asio::io_context& loop_;
  std::chrono::milliseconds interval_;
  boost::asio::steady_timer timer_;
  Batch waiting_;
  Batch syncing_;  ///< its file systems are the other thread's until synced()
  bool is_busy_ = false;
  std::function<void()> on_settled_;
  boost::asio::thread_pool thread_{1};  ///< the last member: joined first
};

}  // namespace ejf::server
