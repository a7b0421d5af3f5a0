// SPDX-License-Identifier: Apache-2.0
#include "tools/sample_loop.h"

#include <fcntl.h>

#include <chrono>
#include <utility>

#include "base/unique_fd.h"
#include "server/workshop.h"

namespace ejf::tools {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds k_show_interval{1};

}  // namespace

SampleLoop::SampleLoop(const server::Configuration& configuration, const jail::JailConfig& jail, bool is_jailed)
    : jail_(jail),
      async_jail_(loop_.get_executor(), jail_),
      slots_(loop_.get_executor(), jail.slots),
      workshop_(server::make_workshop(configuration, async_jail_, slots_, pool_, is_jailed)),
      signal_(loop_, UniqueFd(::fcntl(signals_.fd(), F_DUPFD_CLOEXEC, 0)).release()),
      timer_(loop_) {}

void SampleLoop::run(std::function<void()> show) {
  show_ = std::move(show);
  signal_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
    if (!error) async_jail_.cancel_all();
  });
  tick();
  loop_.run();
  signals_.throw_if_received();
}

void SampleLoop::tick() {
  show_();
  timer_.expires_after(k_show_interval);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

}  // namespace ejf::tools
