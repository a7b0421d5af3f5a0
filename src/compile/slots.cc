// SPDX-License-Identifier: Apache-2.0
#include "compile/slots.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

namespace ejf::compile {

namespace asio = boost::asio;

SlotPool::SlotPool(asio::any_io_executor executor, unsigned slots)
    : size_(slots), state_(std::make_shared<State>(State{std::move(executor), slots, {}})) {}

asio::awaitable<SlotLease> SlotPool::acquire() {
  if (state_->free > 0) {
    --state_->free;
    co_return SlotLease(state_);
  }
  // The one who gives a slot back hands it to the first who waits: the count of free slots does not change.
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      [this](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        state_->waiting.push_back([shared]() { std::move (*shared)(); });
      },
      asio::use_awaitable);
  co_return SlotLease(state_);
}

SlotLease::~SlotLease() {
  auto state = pool_.lock();
  if (!state) return;
  if (state->waiting.empty()) {
    ++state->free;
    return;
  }
  auto next = std::move(state->waiting.front());
  state->waiting.pop_front();
  asio::post(state->executor, std::move(next));
}

}  // namespace ejf::compile
