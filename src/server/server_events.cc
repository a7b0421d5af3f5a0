// SPDX-License-Identifier: Apache-2.0
// What the server hears: signals, control files, the timers, names in the queue. What it does with requests stands in
// server.cc.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>

#include "base/error.h"
#include "base/log.h"
#include "server/server.h"

namespace ejf::server {

namespace {

constexpr std::chrono::milliseconds k_least_scan_interval{100};

}  // namespace

void Server::wait_for_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int signal) {
    if (error) return;
    on_signal(signal);
    wait_for_signal();
  });
}

void Server::on_signal(int signal) {
  switch (signal) {
    case SIGUSR1:
      return hooks_.reopen_log();
    case SIGHUP:
      return reload();
    default:
      log::info("signal {} ({}): ending", signal, ::strsignal(signal));
      return finish(ExitAction::stop);
  }
}

void Server::reload() {
  try {
    hooks_.check_new_configuration();
  } catch (const Error& error) {
    log::error("restart refused, the old configuration stays in force: {}", error.what());
    return;
  }
  log::info("restart requested");
  finish(ExitAction::restart);
}

void Server::finish(ExitAction action) {
  if (is_settling_) {
    log::warning("not waiting for the disk any longer; claims that are left are taken over at the next start");
    return loop_.stop();
  }
  if (state_ != State::serving && action <= action_) return;
  // A second order does not give running jobs more time.
  const bool is_timed = state_ != State::serving && action_ != ExitAction::restart;
  action_ = action;
  if (is_timed) return;
  state_ = State::finishing;
  adopted_.clear();
  for (auto* timer : retries_) timer->cancel();
  if (active_ == 0) return job_ended();
  if (action_ == ExitAction::restart) return;  // running jobs are let end, however long their limits allow
  grace_timer_.expires_after(configuration_.settings.grace_time);
  grace_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) on_grace_over();
  });
}

void Server::obey(transport::ServerCommand command) {
  switch (command) {
    case transport::ServerCommand::stop:
      log::info("STOP request from the server");
      return finish(ExitAction::stop);
    case transport::ServerCommand::down:
      log::info("a control file asks to halt the machine");
      return finish(ExitAction::down);
    case transport::ServerCommand::reboot:
      log::info("a control file asks to reboot the machine");
      return finish(ExitAction::reboot);
  }
}

void Server::on_grace_over() {
  log::info("{} requests are not finished; they go back to the queue", active_);
  state_ = State::cancelled;
  jail_.cancel_all();
}

void Server::take_names(const spool::DirectoryWatch::Events& news) {
  for (const std::string& name : news.names) spool_.queue().note(name);
  try {
    if (news.overflow) spool_.queue().scan();
  } catch (const SysError& failure) {
    log::error("cannot look for requests: {}; trying again", failure.what());
  }
  fill_slots();
}

void Server::wait_for_scan() {
  scan_timer_.expires_after(std::max(configuration_.settings.scan_interval, k_least_scan_interval));
  scan_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || state_ != State::serving) return;
    try {
      scan();
    } catch (const Error& failure) {
      log::error("cannot look for requests: {}; trying again", failure.what());
    }
    fill_slots();
    wait_for_scan();
  });
}

void Server::scan() {
  put_off_.clear();
  follow_queue();
  if (state_ != State::serving) return;
  if (!watch_.is_active()) watch_.start(spool_.watched_directory());
  adopt_orphans();
  spool_.queue().scan();
  for (const auto& odd : spool_.queue().new_odd_entries()) log::warning("queue: {}: {}", odd.name, odd.reason);
  tidy();
}

void Server::follow_queue() {
  if (!spool_.follow()) return;
  log::warning("the directories of the queue were removed or replaced; going on with what is there now");
  watch_.stop();
  try {
    hooks_.lock_slots();
  } catch (const Error& error) {
    log::error("the slots of the new queue cannot be had: {}; ending", error.what());
    finish(ExitAction::fail);
  }
}

void Server::tidy() {
  spool_.restore_export();
  if (cache_) cache_->clean();
}

}  // namespace ejf::server
