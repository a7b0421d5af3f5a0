// SPDX-License-Identifier: Apache-2.0
#include "compile/slots.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

namespace ejf::compile {

namespace asio = boost::asio;

asio::awaitable<SlotLease> SlotPool::acquire() {
  if (free_ > 0) {
    --free_;
    co_return SlotLease(this);
  }
  // The one who gives a slot back hands it to the first who waits: the count of free slots does not change.
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      [this](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        waiting_.push_back([shared]() { std::move (*shared)(); });
      },
      asio::use_awaitable);
  co_return SlotLease(this);
}

void SlotPool::give_back() {
  if (waiting_.empty()) {
    ++free_;
    return;
  }
  auto next = std::move(waiting_.front());
  waiting_.pop_front();
  asio::post(executor_, std::move(next));
}

}  // namespace ejf::compile
