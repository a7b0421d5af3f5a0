// SPDX-License-Identifier: Apache-2.0
#include "server/server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <exception>

#include "base/error.h"
#include "base/fault_point.h"
#include "base/files.h"
#include "base/log.h"
#include "compile/beside.h"
#include "packet/compile_reply.h"
#include "server/crash_mark.h"
#include "server/workshop.h"

namespace ejf::server {

namespace asio = boost::asio;
using packet::CompileRequest;
using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

constexpr std::int32_t k_control_stop = 1;  // protocol.md §1.2, control packets
constexpr std::int32_t k_control_restart = 2;
constexpr std::size_t k_background_copy = 1U << 20;  // larger executables are copied beside the loop
constexpr std::size_t k_most_waiting = 16;           // deliveries that wait without counting as a slot's work

constexpr const char* k_too_large = "The answer's files are larger than files may be on the compile server.\n";
constexpr milliseconds k_first_pause{50};
constexpr milliseconds k_longest_pause{15'000};
constexpr milliseconds k_first_delivery_pause{1000};
constexpr milliseconds k_longest_delivery_pause{30'000};
constexpr const char* k_no_requests = "cannot take a request";
constexpr const char* k_no_cache = "local cache: executables are delivered instead of kept";

/// In this order, whatever somebody does to the clock of either machine meanwhile: ejudge shows the differences.
void set_times(packet::CompileReply& reply, WallTime taken, microseconds duration) {
  constexpr std::int64_t k_second = 1'000'000;
  if (std::pair(taken.seconds, taken.microseconds) < std::pair<std::int64_t, std::int32_t>(reply.ts1, reply.ts1_us)) {
    taken = {reply.ts1, reply.ts1_us};
  }
  const std::int64_t fraction = taken.microseconds + duration.count();
  reply.ts2 = static_cast<std::int32_t>(taken.seconds);
  reply.ts2_us = taken.microseconds;
  reply.ts3 = static_cast<std::int32_t>(taken.seconds + fraction / k_second);
  reply.ts3_us = static_cast<std::int32_t>(fraction % k_second);
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
      watch_(loop_, troubles_, [this](const spool::DirectoryWatch::Events& news) { take_names(news); }),
      jail_(loop_.get_executor(), jail),
      slots_(loop_.get_executor(), configuration.slots),
      workshop_(make_workshop(configuration, jail_, slots_, pool_, is_jailed)),
      delivered_(loop_, troubles_, configuration.settings.sync_interval,
                 [this](spool::Claim claim) { put_off_.push_back(std::move(claim)); }),
      has_roots_broker_(configuration.settings.jail_socket.empty() && jail.features().namespaces == "root") {
  signals_.add(SIGHUP);
  signals_.add(SIGUSR1);
  if (configuration.heartbeats && !spool.heartbeat_directory().empty()) {
    heartbeat_.emplace(loop_, troubles_,
                       Heartbeat::Setup{.directory = spool.heartbeat_directory(),
                                        .base = configuration.heartbeat_base,
                                        .instance_id = configuration.instance_id,
                                        .queue = configuration.queue_id,
                                        .ip_address = configuration.ip_address,
                                        .interval = configuration.settings.heartbeat_interval},
                       [this](transport::ServerCommand command) { obey(command); });
  }
  if (!configuration.local_cache.empty()) {
    cache_.emplace(configuration.local_cache, configuration.settings.local_cache_age);
    delivered_.also_sync(open_directory(configuration.local_cache).get());
  }
  jail_.on_failure([this](const std::exception* failure) { on_jail(failure); });
}

Server::~Server() = default;

ExitAction Server::run() {
  wait_for_signal();
  if (heartbeat_) heartbeat_->start();
  watch_.start(spool_.watched_directory());
  adopt_orphans({});
  spool_.queue().scan();
  fill_slots();
  wait_for_scan();
  loop_.run();
  if (heartbeat_ && action_ == ExitAction::restart) heartbeat_->keep();
  return action_;
}

void Server::adopt_orphans(const std::set<std::string>& ours) {
  for (auto& claim : spool_.queue().adopt()) {
    const std::string& name = claim.packet_name();
    if (!ours.contains(name)) log::info("{}: taken over from a server that ended", name);
    adopted_.push_back(std::move(claim));
  }
  mark_crashes_in(spool_.queue().crash_mark_fd());
}

std::optional<spool::Claim> Server::next_claim() {
  if (adopted_.empty()) return spool_.queue().take();
  std::optional<spool::Claim> claim{std::move(adopted_.front())};
  adopted_.pop_front();
  return claim;
}

/// One place that takes no replies must not keep the answers for all others waiting, within reason.
bool Server::has_free_slot() const {
  return !jail_.is_lost() && active_ - std::min(retries_.size(), k_most_waiting) < configuration_.slots;
}

bool Server::is_suspect_next() const {
  return !adopted_.empty() && adopted_.front().crashes() > 0;
}

void Server::begin_alone(const std::string& packet) {
  alone_ = packet;
  spool_.queue().note_alone(packet);
}

void Server::end_alone(const std::string& packet) {
  if (packet.empty() || alone_ != packet) return;
  alone_.clear();
  spool_.queue().note_alone({});
}

void Server::fill_slots() {
  while (state_ == State::serving && has_free_slot() && alone_.empty()) {
    // Of several that were at work when a server crashed only one was the cause.
    if (is_suspect_next() && active_ > retries_.size()) return;
    std::optional<spool::Claim> claim;
    try {
      claim = next_claim();
    } catch (const SysError& error) {
      troubles_.note(k_no_requests, error);
      return;  // the scan timer comes back to it
    }
    troubles_.over(k_no_requests);
    if (!claim) return;
    start(std::move(*claim));
  }
}

void Server::start(spool::Claim claim) {
  ++active_;
  const std::string suspect = claim.crashes() > 0 ? claim.packet_name() : "";
  if (!suspect.empty()) begin_alone(suspect);
  asio::co_spawn(loop_, serve(std::move(claim)), [this, suspect](const std::exception_ptr& failure) {
    --active_;
    end_alone(suspect);
    if (failure) std::rethrow_exception(failure);
    job_ended();
  });
}

void Server::job_ended() {
  if (state_ == State::serving) return fill_slots();
  if (active_ == 0) end_loop();
}

void Server::end_loop() {
  grace_timer_.cancel();
  delivered_.settle([this] { loop_.stop(); });
}

asio::awaitable<void> Server::serve(spool::Claim claim) {
  const std::string name = claim.packet_name();
  try {
    co_await handle(claim);
  } catch (const compile::Interrupted&) {
    log::info("{}: back to the queue", name);
  } catch (const std::exception& error) {
    // Not back at once: it would come again at once.
    troubles_.note(k_put_off, error, name);
    if (claim) put_off_.push_back(std::move(claim));
  }
}

asio::awaitable<void> Server::handle(spool::Claim& claim) {
  if (claim.crashes() > spool::k_given_up_after) {
    // Not even saying that it was given up went well: it is not looked into again.
    const std::string suffix = spool_.find_source_suffix(claim.packet_name());
    set_aside(claim, "the compile server crashed each time that it had this request", suffix);
    co_return;
  }
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
    delivered_.add(std::move(claim), request->src_sfx, *spool_.reply_side(*request));
  } else if (claim.crashes() == spool::k_given_up_after) {
    co_await give_up(claim, *request);
  } else {
    map_language(*request);
    co_await work(claim, *request);
  }
}

asio::awaitable<void> Server::work(spool::Claim& claim, const CompileRequest& request) {
  const Taken taken;
  const std::string name = claim.packet_name();
  log::debug("{}: contest {}, run {}, language {}", name, request.contest_id, request.run_id, request.lang_id);
  if (heartbeat_) heartbeat_->request_begun(taken.clock);
  auto outcome = co_await compile(claim, request);
  EJF_FAULT_POINT("compiled");
  const auto duration = duration_cast<milliseconds>(Monotonic::now() - taken.time);
  const auto status = packet::status_name(outcome.status);
  co_await answer(claim, request, std::move(outcome), taken);
  if (heartbeat_) heartbeat_->request_ended(duration);
  log::debug("{}: {} after {} ms", name, status, duration.count());
}

/// Control packets have a command where others have a language: they never come here.
void Server::map_language(CompileRequest& request) const {
  const auto found = configuration_.lang_id_map.find(request.lang_id);
  if (found != configuration_.lang_id_map.end()) request.lang_id = found->second;
}

asio::awaitable<bool> Server::keep_in_cache(const CompileRequest& request, compile::CompileOutcome& outcome) {
  const lang::Recipe* recipe = configuration_.recipes->find(request.lang_id);
  const bool is_good = outcome.status == packet::RunStatus::ok && outcome.executable;
  // An archive is taken apart by ejudge, which would find a script in its place.
  if (!cache_ || !recipe || !is_good || outcome.is_archive || !LocalCache::is_wanted(request)) co_return false;
  try {
    const std::function<void()> keep = [&] {
      cache_->keep(request.judge_uuid, recipe->exe_sfx, outcome.executable.get());
    };
    co_await copy(outcome.executable_size, keep);
    outcome.executable = LocalCache::make_stand_in();
    outcome.executable_size = LocalCache::stand_in_text().size();
    troubles_.over(k_no_cache);
    co_return true;
  } catch (const SysError& error) {
    troubles_.note(k_no_cache, error);
  }
  co_return false;
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
  co_await answer(claim, *error.who, std::move(outcome), {});
}

asio::awaitable<void> Server::give_up(spool::Claim& claim, const CompileRequest& request) {
  const std::string reason = spool::why_given_up();
  log::error("{}: {} Answered with \"check failed\", kept in queue/rejected", claim.packet_name(), reason);
  co_await answer(claim, request, compile::check_failed(reason + "\n"), {});
}

void Server::set_aside(spool::Claim& claim, const std::string& reason, const std::string& suffix) {
  claim.reject(reason, suffix);
  log::error("{}: {}; kept in queue/rejected", claim.packet_name(), reason);
}

asio::awaitable<void> Server::answer(spool::Claim& claim, const CompileRequest& request,
                                     compile::CompileOutcome outcome, const Taken& taken) {
  packet::CompileReply reply = packet::make_reply(request);
  reply.cached_on_remote = co_await keep_in_cache(request, outcome) ? 1 : 0;
  reply.status = outcome.status;
  reply.prepended_size = outcome.prepended_size;
  reply.zip_mode = outcome.is_archive ? 1 : 0;
  reply.has_run_props = outcome.has_properties ? 1 : 0;
  if (outcome.has_properties) reply.prop_sfx = ".json";
  set_times(reply, taken.clock, duration_cast<microseconds>(Monotonic::now() - taken.time));
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
  if (!co_await deliver(claim, request, delivery)) {
    log::error("{}: its files are larger than may be written; answered with \"check failed\"", name);
    co_return co_await answer(claim, request, compile::check_failed(k_too_large), taken);
  }
  counters_.answered({.packet_name = name,
                      .language = recipe != nullptr ? recipe->short_name : "",
                      .status = std::string{packet::status_name(outcome.status)},
                      .real_time = outcome.real_time});
}

/// What the machine lacks for now it may have soon. While there is no jail at all, nobody gives up.
asio::awaitable<compile::CompileOutcome> Server::compile(spool::Claim& claim, const CompileRequest& request) {
  const std::string trouble = "a request waits for the machine";
  auto give_up = Monotonic::now() + configuration_.settings.fault_patience;
  milliseconds pause = k_first_pause;
  for (int attempt = 1;; ++attempt) {
    auto outcome = co_await compile_once(claim, request);
    if (outcome.fault.empty()) {
      if (attempt > 1) troubles_.over(trouble);
      co_return outcome;
    }
    if (jail_.is_lost()) give_up = Monotonic::now() + configuration_.settings.fault_patience;
    if (!jail_.is_lost() && attempt > 1 && Monotonic::now() + pause > give_up) {
      log::error("{}: {}; answered with \"check failed\"", claim.packet_name(), outcome.fault);
      co_return outcome;
    }
    troubles_.note(trouble, Error(outcome.fault), claim.packet_name());
    co_await rest(pause);
    pause = std::min(pause * 2, k_longest_pause);
  }
}

asio::awaitable<compile::CompileOutcome> Server::compile_once(spool::Claim& claim, const CompileRequest& request) {
  std::string failure;
  std::string fault;
  try {
    auto source = claim.open_source(request.src_sfx);
    if (source) co_return co_await compile::compile_request(workshop_, request, std::move(*source));
    failure = "The source file of this request is missing.";
  } catch (const std::exception& error) {
    failure = std::string{"The compile server failed: "} + error.what();
    if (compile::is_fault(error)) fault = error.what();
  }
  if (fault.empty()) log::error("{}: {}", claim.packet_name(), failure);
  auto outcome = compile::check_failed(failure + "\n");
  outcome.fault = std::move(fault);
  co_return outcome;
}

/// The request keeps its claim, and others go on meanwhile. Throws Interrupted when the server is ending.
asio::awaitable<void> Server::rest(milliseconds pause) {
  if (state_ != State::serving) throw compile::Interrupted{};
  asio::steady_timer timer(loop_, pause);
  retries_.insert(&timer);
  fill_slots();
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  retries_.erase(&timer);
  if (state_ != State::serving) throw compile::Interrupted{};
}

asio::awaitable<void> Server::put_report_files(const CompileRequest& request, const transport::Delivery& delivery) {
  auto reports = spool_.reply_side(request);
  const std::function<void()> put = [&] { transport::LocalSpool::put_reports(*reports, request, delivery); };
  co_await copy(delivery.executable_size, put);
}

/// What is small is done at once, the rest beside the loop.
asio::awaitable<void> Server::copy(std::uint64_t size, const std::function<void()>& action) {
  if (size < k_background_copy) {
    action();
    co_return;
  }
  co_await compile::in_background(pool_, [&action] { action(); });
}

/// False when it cannot be delivered as it is: its files are too large.
asio::awaitable<bool> Server::deliver(spool::Claim& claim, const CompileRequest& request,
                                      const transport::Delivery& delivery) {
  const std::string trouble = "cannot deliver to '" + request.contest_server_id + "'";
  for (milliseconds pause = k_first_delivery_pause;; pause = std::min(pause * 2, k_longest_delivery_pause)) {
    try {
      // Once delivery has begun the reply may be visible, and its files may have been taken already.
      if (!claim.is_delivering()) co_await put_report_files(request, delivery);
      spool_.publish(claim, request, delivery);
      auto side = spool_.reply_side(request);
      if (claim) delivered_.add(std::move(claim), request.src_sfx, *side);
      troubles_.over(trouble);
      co_return true;
    } catch (const SysError& error) {
      // Of a full disk, say, there is nothing to fear: the claim protects the request. A limit on the size of files is
      // another matter, nobody waits for that to change.
      if (error.code() == EFBIG && delivery.log != k_too_large && !claim.is_delivering()) co_return false;
      troubles_.note(trouble, error, claim.packet_name());
    }
    end_alone(claim.packet_name());  // waiting does no harm
    co_await rest(pause);
  }
}

}  // namespace ejf::server
