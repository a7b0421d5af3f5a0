// SPDX-License-Identifier: Apache-2.0
#include "server/server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <csignal>
#include <cstring>
#include <exception>

#include "base/error.h"
#include "base/log.h"
#include "packet/compile_reply.h"
#include "server/workshop.h"

namespace ejf::server {

namespace asio = boost::asio;
using packet::CompileRequest;
using std::chrono::seconds;

namespace {

constexpr std::int32_t k_control_stop = 1;  // protocol.md §1.2, control packets
constexpr std::int32_t k_control_restart = 2;
constexpr std::size_t k_background_copy = 1U << 20;  // larger executables are copied beside the loop
constexpr std::size_t k_most_waiting = 16;           // deliveries that wait without counting as a slot's work
constexpr std::chrono::milliseconds k_least_scan_interval{100};

void set_times(packet::CompileReply& reply, const WallTime& taken, const WallTime& finished) {
  reply.ts2 = static_cast<std::int32_t>(taken.seconds);
  reply.ts2_us = taken.microseconds;
  reply.ts3 = static_cast<std::int32_t>(finished.seconds);
  reply.ts3_us = finished.microseconds;
}

}  // namespace

Server::Server(const Configuration& configuration, transport::LocalSpool& spool, jail::Jail& jail, bool is_jailed,
               Hooks hooks)
    : configuration_(configuration),
      spool_(spool),
      hooks_(std::move(hooks)),
      signals_(loop_, SIGINT, SIGTERM, SIGTSTP),
      scan_timer_(loop_),
      grace_timer_(loop_),
      watch_descriptor_(loop_),
      jail_(loop_.get_executor(), jail),
      slots_(loop_.get_executor(), configuration.slots),
      workshop_(make_workshop(configuration, jail_, slots_, pool_, is_jailed)) {
  signals_.add(SIGHUP);
  signals_.add(SIGUSR1);
  jail_.on_failure([this](const std::exception& error) {
    // Runs that were under way never report; their requests go back to the queue with the loop.
    log::error("the jail is lost and no new one can be started: {}; ending", error.what());
    action_ = ExitAction::fail;
    loop_.stop();
  });
}

Server::~Server() {
  // The inotify descriptor belongs to watch_.
  if (watch_descriptor_.is_open()) watch_descriptor_.release();
}

ExitAction Server::run() {
  wait_for_signal();
  wait_for_names();
  adopt_orphans();
  spool_.queue().scan();
  fill_slots();
  wait_for_scan();
  loop_.run();
  return action_;
}

// --- events ------------------------------------------------------------------------------------------------------

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
  // A second signal while jobs are still running may turn a restart into a stop, not the other way round; nor does it
  // give them more time.
  if (state_ != State::serving && (action_ == ExitAction::stop || action == ExitAction::restart)) return;
  action_ = action;
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

void Server::on_grace_over() {
  log::info("{} requests are not finished; they go back to the queue", active_);
  state_ = State::cancelled;
  jail_.cancel_all();
}

void Server::wait_for_names() {
  try {
    watch_.emplace(spool_.watched_directory());
    watch_descriptor_.assign(watch_->fd());
  } catch (const std::exception& error) {
    watch_.reset();
    log::warning("{}: requests are found by scanning only", error.what());
    return;
  }
  on_names();
}

void Server::on_names() {
  watch_descriptor_.async_wait(asio::posix::stream_descriptor::wait_read,
                               [this](const boost::system::error_code& error) {
                                 if (error) return;
                                 try {
                                   take_names();
                                 } catch (const SysError& failure) {
                                   log::error("cannot look for requests: {}; trying again", failure.what());
                                   drop_watch();
                                 }
                                 if (watch_) on_names();
                                 fill_slots();
                               });
}

void Server::take_names() {
  auto news = watch_->read();
  for (const std::string& name : news.names) spool_.queue().note(name);
  // The directory was removed or replaced: the scan timer finds the new one.
  if (news.lost) return drop_watch();
  if (news.overflow) spool_.queue().scan();
}

void Server::drop_watch() {
  if (!watch_) return;
  watch_descriptor_.release();
  watch_.reset();
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
  if (spool_.follow()) {
    log::warning("the directories of the queue were removed or replaced; going on with what is there now");
    drop_watch();
  }
  if (!watch_) wait_for_names();
  adopt_orphans();
  spool_.queue().scan();
  for (const auto& odd : spool_.queue().new_odd_entries()) log::warning("queue: {}: {}", odd.name, odd.reason);
}

// --- work ----------------------------------------------------------------------------------------------------------

void Server::adopt_orphans() {
  for (auto& claim : spool_.queue().adopt()) {
    log::info("{}: taken over from a server that ended", claim.packet_name());
    adopted_.push_back(std::move(claim));
  }
}

std::optional<spool::Claim> Server::next_claim() {
  if (adopted_.empty()) return spool_.queue().take();
  std::optional<spool::Claim> claim{std::move(adopted_.front())};
  adopted_.pop_front();
  return claim;
}

/// One place that takes no replies must not keep the answers for all others waiting, within reason.
bool Server::has_free_slot() const {
  return active_ - std::min(retries_.size(), k_most_waiting) < configuration_.slots;
}

void Server::fill_slots() {
  while (state_ == State::serving && has_free_slot()) {
    std::optional<spool::Claim> claim;
    try {
      claim = next_claim();
    } catch (const SysError& error) {
      log::error("cannot take a request: {}; trying again", error.what());
      return;  // the scan timer comes back to it
    }
    if (!claim) return;
    start(std::move(*claim));
  }
}

void Server::start(spool::Claim claim) {
  ++active_;
  asio::co_spawn(loop_, serve(std::move(claim)), [this](const std::exception_ptr& failure) {
    --active_;
    if (failure) std::rethrow_exception(failure);
    job_ended();
  });
}

void Server::job_ended() {
  if (state_ == State::serving) return fill_slots();
  if (active_ == 0) loop_.stop();
}

asio::awaitable<void> Server::serve(spool::Claim claim) {
  const std::string name = claim.packet_name();
  try {
    co_await handle(claim);
  } catch (const compile::Interrupted&) {
    log::info("{}: back to the queue", name);
  } catch (const std::exception& error) {
    // Not back at once: it would come again at once.
    log::error("{}: {}", name, error.what());
    if (claim) put_off_.push_back(std::move(claim));
  }
}

asio::awaitable<void> Server::handle(spool::Claim& claim) {
  auto request = packet::decode_request(claim.read());
  if (!request) {
    co_await answer_unreadable(claim, request.error());
  } else if (request->contest_id == 0) {
    obey(*request);
    claim.finish(request->src_sfx);
  } else if (std::string reason = transport::LocalSpool::why_undeliverable(*request); !reason.empty()) {
    set_aside(claim, reason, "");
  } else if (claim.is_delivering()) {
    spool_.finish_delivery(claim, *request);
  } else {
    const WallTime taken = WallTime::now();
    auto outcome = co_await compile(claim, *request);
    co_await answer(claim, *request, std::move(outcome), taken);
  }
}

void Server::obey(const CompileRequest& control) {
  switch (control.lang_id) {
    case k_control_stop:
      log::info("a control packet asks to stop");
      return finish(ExitAction::stop);
    case k_control_restart:
      return reload();
    default:
      log::warning("control packet {} is not known; ignored", control.lang_id);
  }
}

asio::awaitable<void> Server::answer_unreadable(spool::Claim& claim, const packet::DecodeError& error) {
  const bool can_answer = error.who && transport::LocalSpool::why_undeliverable(*error.who).empty();
  if (!can_answer) {
    set_aside(claim, error.message, spool_.find_source_suffix(claim.packet_name()));
    co_return;
  }
  log::error("{}: {}; answered with \"check failed\"", claim.packet_name(), error.message);
  auto outcome = compile::check_failed("The compile server cannot read this request: " + error.message + "\n");
  co_await answer(claim, *error.who, std::move(outcome), WallTime::now());
}

void Server::set_aside(spool::Claim& claim, const std::string& reason, const std::string& suffix) {
  log::error("{}: {}; kept in queue/rejected", claim.packet_name(), reason);
  claim.reject(reason, suffix);
}

asio::awaitable<void> Server::answer(spool::Claim& claim, const CompileRequest& request,
                                     compile::CompileOutcome outcome, WallTime taken) {
  packet::CompileReply reply = packet::make_reply(request);
  reply.status = outcome.status;
  reply.prepended_size = outcome.prepended_size;
  reply.zip_mode = outcome.is_archive ? 1 : 0;
  reply.has_run_props = outcome.has_properties ? 1 : 0;
  if (outcome.has_properties) reply.prop_sfx = ".json";
  set_times(reply, taken, WallTime::now());
  auto encoded = packet::encode_reply(reply, request.version);
  if (!encoded) throw Error("the reply cannot be encoded: " + encoded.error().message);

  // The suffix is that of our own language table, whatever became of the request (protocol.md §3.6).
  const lang::Recipe* recipe = configuration_.recipes->find(request.lang_id);
  const transport::Delivery delivery{.reply = std::move(*encoded),
                                     .log = std::move(outcome.log),
                                     .executable = outcome.executable ? outcome.executable.get() : -1,
                                     .executable_size = outcome.executable_size,
                                     .log_as_executable = outcome.log_as_executable,
                                     .properties = outcome.properties ? outcome.properties.get() : -1,
                                     .exe_sfx = recipe != nullptr ? recipe->exe_sfx : ""};
  const std::string name = claim.packet_name();
  co_await deliver(claim, request, delivery);
  counters_.answered({.packet_name = name,
                      .language = recipe != nullptr ? recipe->short_name : "",
                      .status = std::string{packet::status_name(outcome.status)},
                      .real_time = outcome.real_time});
}

asio::awaitable<compile::CompileOutcome> Server::compile(spool::Claim& claim, const CompileRequest& request) {
  std::string failure;
  try {
    auto source = claim.open_source(request.src_sfx);
    if (source) co_return co_await compile::compile_request(workshop_, request, std::move(*source));
    failure = "The source file of this request is missing.";
  } catch (const std::exception& error) {
    failure = std::string{"The compile server failed: "} + error.what();
  }
  log::error("{}: {}", claim.packet_name(), failure);
  co_return compile::check_failed(failure + "\n");
}

asio::awaitable<void> Server::put_report_files(const CompileRequest& request, const transport::Delivery& delivery) {
  auto reports = spool_.reply_side(request);
  auto put = [reports, &request, &delivery] { transport::LocalSpool::put_reports(*reports, request, delivery); };
  if (delivery.executable_size < k_background_copy) {
    put();
    co_return;
  }
  co_await asio::co_spawn(
      pool_,
      [&put]() -> asio::awaitable<void> {
        put();
        co_return;
      },
      asio::use_awaitable);
}

asio::awaitable<void> Server::deliver(spool::Claim& claim, const CompileRequest& request,
                                      const transport::Delivery& delivery) {
  seconds pause{1};
  for (;;) {
    try {
      // Once delivery has begun the reply may be visible, and its files may have been taken already.
      if (!claim.is_delivering()) co_await put_report_files(request, delivery);
      spool_.publish(claim, request, delivery);
      co_return;
    } catch (const SysError& error) {
      // A full disk, say. The claim protects the request, so that there is nothing to lose by waiting.
      log::error("{}: cannot deliver: {}; trying again in {} s", claim.packet_name(), error.what(), pause.count());
    }
    asio::steady_timer timer(loop_, pause);
    retries_.insert(&timer);
    fill_slots();
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    retries_.erase(&timer);
    if (state_ != State::serving) throw compile::Interrupted{};
    pause = std::min(pause * 2, seconds{30});
  }
}

}  // namespace ejf::server
