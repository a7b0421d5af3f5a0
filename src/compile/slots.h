// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <deque>
#include <functional>
#include <memory>

namespace ejf::compile {

/// The right to run one process in the jail at a time. Goes back to the pool with its owner.
class SlotLease;

/// Slots are given in the order in which they were asked for. Lives on one thread.
class SlotPool {
 public:
  SlotPool(boost::asio::any_io_executor executor, unsigned slots);
  SlotPool(const SlotPool&) = delete;
  SlotPool& operator=(const SlotPool&) = delete;

  boost::asio::awaitable<SlotLease> acquire();
  unsigned size() const noexcept { return size_; }

 private:
  friend class SlotLease;
  struct State {
    boost::asio::any_io_executor executor;
    unsigned free;
    std::deque<std::function<void()>> waiting;
  };

  unsigned size_;
  std::shared_ptr<State> state_;
};

class SlotLease {
 public:
  explicit SlotLease(std::weak_ptr<SlotPool::State> pool) noexcept : pool_(std::move(pool)) {}
  SlotLease(SlotLease&& other) noexcept = default;
  SlotLease& operator=(SlotLease&&) = delete;
  ~SlotLease();

 private:
  /// Weak: a loop that is destroyed with jobs in it destroys their leases after the pool.
  std::weak_ptr<SlotPool::State> pool_;
};

}  // namespace ejf::compile
