// SPDX-License-Identifier: Apache-2.0
#include "server/heartbeat.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/log.h"

namespace ejf::server {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds k_least_interval{50};
/// ejudge's own server writes none while it compiles, so that a silence of a minute is no sign of death.
constexpr seconds k_least_silence{120};
constexpr const char* k_no_heartbeat = "no heartbeat";
constexpr const char* k_no_commands = "cannot look for control files";

}  // namespace

Heartbeat::Heartbeat(boost::asio::io_context& loop, Troubles& troubles, Setup setup, Obey obey)
    : setup_(std::move(setup)),
      troubles_(troubles),
      obey_(std::move(obey)),
      heartbeat_{.start_time_ms = WallTime::now().milliseconds(),
                 .instance_id = setup_.instance_id,
                 .queue = setup_.queue,
                 .ip_address = setup_.ip_address,
                 .pid = ::getpid()},
      timer_(loop),
      watch_(loop, troubles, [this](const spool::DirectoryWatch::Events& news) {
        const bool concerns_us =
            news.overflow || std::any_of(news.names.begin(), news.names.end(),
                                         [this](const auto& name) { return directory_->is_control_file(name); });
        if (concerns_us) obey_commands();
      }) {
  setup_.interval = std::max(setup_.interval, k_least_interval);
}

Heartbeat::~Heartbeat() {
  if (!directory_ || is_kept_) return;
  try {
    directory_->remove();
  } catch (const Error& error) {
    log::error("the heartbeat stays behind: {}", error.what());
  }
}

void Heartbeat::start() {
  beat();
  wait();
}

void Heartbeat::wait() {
  timer_.expires_after(setup_.interval);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    beat();
    wait();
  });
}

void Heartbeat::beat() {
  try {
    if (!directory_) {
      open();
    } else if (directory_->follow()) {
      watch_.stop();
    }
    write();
    if (!watch_.is_active()) watch_.start(directory_->watched_directory());
    remove_stale();
    troubles_.over(k_no_heartbeat);
  } catch (const Error& error) {
    troubles_.note(k_no_heartbeat, error);
  }
  obey_commands();
}

void Heartbeat::open() {
  directory_.emplace(setup_.directory, setup_.base);
  directory_->take_commands();
}

void Heartbeat::write() {
  heartbeat_.timestamp_ms = WallTime::now().milliseconds();
  directory_->write(heartbeat_);
}

void Heartbeat::remove_stale() {
  const seconds silence = std::max(k_least_silence, std::chrono::duration_cast<seconds>(4 * setup_.interval));
  for (const std::string& name : directory_->remove_stale(silence)) {
    log::info("heartbeat/dir/{}: removed, its server is gone", name);
  }
}

void Heartbeat::obey_commands() {
  if (!directory_) return;
  try {
    for (const transport::ServerCommand command : directory_->take_commands()) obey_(command);
    troubles_.over(k_no_commands);
  } catch (const SysError& error) {
    troubles_.note(k_no_commands, error);
  }
}

void Heartbeat::request_begun(const WallTime& when) {
  heartbeat_.last_handled_request_ms = when.milliseconds();
}

void Heartbeat::request_ended(milliseconds duration) {
  ++heartbeat_.request_count;
  heartbeat_.accumulated_ms += duration.count();
}

}  // namespace ejf::server
