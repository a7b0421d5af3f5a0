// SPDX-License-Identifier: Apache-2.0
// What the server hears: signals, control files, the timers, names in the queue. What it does with requests stands in
// server.cc.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "server/server.h"

namespace ejf::server {

namespace {

constexpr std::chrono::milliseconds k_least_scan_interval{100};
constexpr std::chrono::seconds k_jail_patience{5};
constexpr const char* k_no_scan = "cannot look for requests";
constexpr const char* k_no_upkeep = "cannot tidy up";
constexpr const char* k_no_jail = "the jail is lost and no new one can be started";

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
  // The program that takes our place would end where we can wait.
  if (jail_.is_lost()) return log::error("restart refused: there is no jail now");
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
  if (active_ == 0) return;  // only the disk is waited for
  log::info("{} requests are not finished; they go back to the queue", active_);
  state_ = State::cancelled;
  jail_.cancel_all();
  grace_timer_.expires_after(k_jail_patience);
  grace_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || active_ == 0) return;
    log::error("the jail does not end its runs; ending without it");
    loop_.stop();  // what is left goes back to the queue with the loop
  });
}

void Server::take_names(const spool::DirectoryWatch::Events& news) {
  for (const std::string& name : news.names) spool_.queue().note(name);
  try {
    if (news.overflow) spool_.queue().scan();
  } catch (const SysError& failure) {
    troubles_.note(k_no_scan, failure);
  }
  fill_slots();
}

void Server::wait_for_scan() {
  scan_timer_.expires_after(std::max(configuration_.settings.scan_interval, k_least_scan_interval));
  scan_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || state_ != State::serving) return;
    try {
      scan();
      troubles_.over(k_no_scan);
    } catch (const Error& failure) {
      troubles_.note(k_no_scan, failure);
    }
    tidy();
    troubles_.tell_what_is_over();
    fill_slots();
    wait_for_scan();
  });
}

void Server::scan() {
  const std::set<std::string> ours = give_back_what_was_put_off();
  follow_queue();
  if (state_ != State::serving) return;
  if (!watch_.is_active()) watch_.start(spool_.watched_directory());
  adopt_orphans(ours);
  spool_.queue().scan();
  for (const auto& odd : spool_.queue().new_odd_entries()) log::warning("queue: {}: {}", odd.name, odd.reason);
}

/// Gives their names. What cannot go back is ours for adopt_orphans() to find.
std::set<std::string> Server::give_back_what_was_put_off() {
  if (put_off_.empty()) troubles_.over(k_put_off);
  std::set<std::string> names;
  for (auto& claim : std::exchange(put_off_, {})) {
    names.insert(claim.packet_name());
    try {
      if (!claim.is_delivering()) claim.give_back();
    } catch (const Error& error) {
      troubles_.note(k_put_off, error, claim.packet_name());
    }
    claim.abandon();
  }
  return names;
}

void Server::follow_queue() {
  if (spool_.follow()) {
    log::warning("the directories of the queue were removed or replaced; going on with what is there now");
    watch_.stop();
    has_slots_ = false;
  }
  if (has_slots_) return;
  try {
    hooks_.lock_slots();
    has_slots_ = true;
  } catch (const SysError&) {
    throw;  // the next scan tries again; nothing of the new queue is known before
  } catch (const Error& error) {
    log::error("the slots of the new queue cannot be had: {}; ending", error.what());
    finish(ExitAction::fail);
  }
}

void Server::tidy() {
  try {
    spool_.restore_export();
    if (cache_) cache_->clean();
    troubles_.over(k_no_upkeep);
  } catch (const Error& failure) {
    troubles_.note(k_no_upkeep, failure);
  }
}

void Server::on_jail(const std::exception* failure) {
  if (failure == nullptr) {
    troubles_.over(k_no_jail);
    log::info("there is a jail again");
    return fill_slots();
  }
  if (::geteuid() == 0 || !has_roots_broker_) return troubles_.note(k_no_jail, *failure);
  // We could have another one only as root. Runs that were under way never report; their requests go back to the queue
  // with the loop.
  log::error("{}: {}; ending", k_no_jail, failure->what());
  action_ = ExitAction::fail;
  loop_.stop();
}

}  // namespace ejf::server
