// SPDX-License-Identifier: Apache-2.0
#include "compile/async_jail.h"

#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

#include "base/fault_point.h"

namespace ejf::compile {

namespace asio = boost::asio;

AsyncJail::AsyncJail(const asio::any_io_executor& executor, jail::Jail& jail)
    : jail_(jail), descriptor_(executor, jail.fd()) {
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
    if (!on_failure_) throw;
    on_failure_(error);
    return;
  }
  descriptor_.assign(jail_.fd());
  wait();
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
    auto finish = [waiting = std::weak_ptr(shared)](jail::RunReport report) {
      if (auto held = waiting.lock()) std::move (*held)(std::move(report));
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
