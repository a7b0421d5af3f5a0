// SPDX-License-Identifier: Apache-2.0
#include "server/loop_watch.h"

#include <utility>

#include "base/error.h"

namespace ejf::server {

LoopWatch::LoopWatch(boost::asio::io_context& loop, Troubles& troubles, OnEvents on_events)
    : troubles_(troubles), on_events_(std::move(on_events)), descriptor_(loop) {}

LoopWatch::~LoopWatch() {
  stop();
}

void LoopWatch::start(const std::string& directory) {
  stop();
  try {
    watch_.emplace(directory);
    descriptor_.assign(watch_->fd());
  } catch (const std::exception& error) {
    watch_.reset();
    troubles_.note("new files are found by scanning only", error);
    return;
  }
  troubles_.over("new files are found by scanning only");
  wait();
}

void LoopWatch::stop() {
  if (!watch_) return;
  ++generation_;
  descriptor_.release();  // the inotify descriptor belongs to watch_
  watch_.reset();
}

void LoopWatch::wait() {
  descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                         [this, generation = generation_](const boost::system::error_code& error) {
                           if (!error && generation == generation_) on_readable();
                         });
}

void LoopWatch::on_readable() {
  spool::DirectoryWatch::Events events;
  try {
    events = watch_->read();
  } catch (const SysError& failure) {
    troubles_.note("new files are found by scanning only", failure);
    events.lost = true;
  }
  if (events.lost) {
    stop();
  } else {
    wait();
  }
  on_events_(events);
}

}  // namespace ejf::server
