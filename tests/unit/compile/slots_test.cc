// SPDX-License-Identifier: Apache-2.0
#include "compile/slots.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <vector>

namespace ejf::compile {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> work(SlotPool& pool, int number, int& running, int& most, std::vector<int>& order) {
  SlotLease slot = co_await pool.acquire();
  order.push_back(number);
  most = std::max(most, ++running);
  for (int i = 0; i < 3; ++i) co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
  --running;
}

TEST(SlotPool, GivesNoMoreThanItHasAndInOrder) {
  asio::io_context loop{1};
  SlotPool pool(loop.get_executor(), 2);
  int running = 0;
  int most = 0;
  std::vector<int> order;
  for (int i = 0; i < 7; ++i) asio::co_spawn(loop, work(pool, i, running, most, order), asio::detached);
  loop.run();
  EXPECT_EQ(most, 2);
  EXPECT_EQ(running, 0);
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6}));
}

}  // namespace
}  // namespace ejf::compile
