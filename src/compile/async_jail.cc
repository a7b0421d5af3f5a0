// SPDX-License-Identifier: Apache-2.0
#include "compile/async_jail.h"

#include <algorithm>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

#include "base/fault_point.h"

namespace ejf::compile {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds k_first_pause{1000};
constexpr std::chrono::milliseconds k_longest_pause{15'000};

}  // namespace

AsyncJail::AsyncJail(const asio::any_io_executor& executor, jail::Jail& jail)
    : jail_(jail), descriptor_(executor, jail.fd()), restart_timer_(executor) {
  wait();
}

AsyncJail::~AsyncJail() {
  descriptor_.release();
}

void AsyncJail::wait() {
  descriptor_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
    if (error != asio::error::operation_aborted) take_reports();
  });
}

void AsyncJail::take_reports() {
  // The descriptor leaves the loop before process(): if the broker has died, process() closes it and opens another.
  descriptor_.release();
  try {
    jail_.process();
  } catch (const std::exception& error) {
    if (!on_failure_ || jail_.fd() >= 0) throw;
    is_lost_ = true;
    restart_pause_ = k_first_pause;
    on_failure_(&error);
    return restart_later();
  }
  descriptor_.assign(jail_.fd());
  wait();
}

void AsyncJail::restart_later() {
  restart_timer_.expires_after(restart_pause_);
  restart_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) restart();
  });
}

void AsyncJail::restart() {
  try {
    jail_.restart();
    descriptor_.assign(jail_.fd());
  } catch (const std::exception& error) {
    restart_pause_ = std::min(2 * restart_pause_, k_longest_pause);
    on_failure_(&error);
    return restart_later();
  }
  is_lost_ = false;
  wait();
  on_failure_(nullptr);
}

asio::awaitable<jail::RunReport> AsyncJail::run(jail::Box& box, jail::RunSpec spec) {
  if (is_cancelled_) {
    jail::RunReport report;
    report.verdict = jail::Verdict::cancelled;
    co_return report;
  }
  jail::Jail::RunId id = 0;
  auto start = [&](auto handler) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    // Posted: who waited may start another run, or throw, and should not do so in the midst of process().
    auto finish = [executor = descriptor_.get_executor(), waiting = std::weak_ptr(shared)](jail::RunReport report) {
      auto held = waiting.lock();
      if (!held) return;
      asio::post(executor, [held, report = std::move(report)]() mutable { std::move (*held)(std::move(report)); });
    };
    try {
      id = jail_.run(box, std::move(spec), finish);
      running_.emplace(id, std::move(shared));
      EJF_FAULT_POINT("compiler-started");
    } catch (const std::exception& error) {
      // Thrown from here it would leave the loop, not the coroutine.
      jail::RunReport report;
      report.reason = error.what();
      asio::post(descriptor_.get_executor(),
                 [shared, report = std::move(report)]() mutable { std::move (*shared)(std::move(report)); });
    }
  };
  auto report =
      co_await asio::async_initiate<const asio::use_awaitable_t<>, void(jail::RunReport)>(start, asio::use_awaitable);
  running_.erase(id);
  co_return report;
}

void AsyncJail::cancel_all() {
  is_cancelled_ = true;
  for (const auto& [id, waiting] : running_) jail_.cancel(id);
}

}  // namespace ejf::compile
