// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

namespace ejf::compile {

/// A coroutine that runs beside the one that started it, on the same thread. Its starter must await the result before
/// what it refers to goes.
template <typename T>
class Started {
 public:
  Started(const boost::asio::any_io_executor& executor, boost::asio::awaitable<T> work)
      : state_(std::make_shared<State>(executor)) {
    boost::asio::co_spawn(executor, std::move(work), [state = state_](const std::exception_ptr& failure, T value) {
      state->failure = failure;
      state->value = std::move(value);
      state->is_done = true;
      state->done.cancel();
    });
  }

  /// Until it has come to an end, whichever.
  boost::asio::awaitable<void> ended() {
    boost::system::error_code cancelled;
    if (!state_->is_done) {
      co_await state_->done.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
    }
  }

  /// Once. Throws what the coroutine threw.
  boost::asio::awaitable<T> result() {
    co_await ended();
    if (state_->failure) std::rethrow_exception(state_->failure);
    co_return std::move(state_->value);
  }

 private:
  struct State {
    explicit State(const boost::asio::any_io_executor& executor)
        : done(executor, boost::asio::steady_timer::time_point::max()) {}
    boost::asio::steady_timer done;  ///< never fires; cancelled when there is a result
    bool is_done = false;
    std::exception_ptr failure;
    T value{};
  };

  std::shared_ptr<State> state_;
};

/// Work that would keep the loop from its events, on another thread. What it refers to must not be touched meanwhile.
template <typename Work>
boost::asio::awaitable<std::invoke_result_t<Work>> in_background(boost::asio::thread_pool& pool, Work work) {
  co_return co_await boost::asio::co_spawn(
      pool, [&work]() -> boost::asio::awaitable<std::invoke_result_t<Work>> { co_return work(); },
      boost::asio::use_awaitable);
}

}  // namespace ejf::compile
