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
  SlotPool(boost::asio::any_io_executor executor, unsigned slots) : executor_(std::move(executor)), free_(slots) {}
  SlotPool(const SlotPool&) = delete;
  SlotPool& operator=(const SlotPool&) = delete;

  boost::asio::awaitable<SlotLease> acquire();

 private:
  friend class SlotLease;
  void give_back();

  boost::asio::any_io_executor executor_;
  unsigned free_;
  std::deque<std::function<void()>> waiting_;
};

class SlotLease {
 public:
  explicit SlotLease(SlotPool* pool) noexcept : pool_(pool) {}
  SlotLease(SlotLease&& other) noexcept : pool_(std::exchange(other.pool_, nullptr)) {}
  SlotLease& operator=(SlotLease&&) = delete;
  ~SlotLease() {
    if (pool_ != nullptr) pool_->give_back();
  }

 private:
  SlotPool* pool_;
};

}  // namespace ejf::compile
