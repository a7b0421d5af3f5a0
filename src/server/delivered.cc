// SPDX-License-Identifier: Apache-2.0
#include "server/delivered.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <iterator>
#include <utility>

#include "base/error.h"
#include "base/fault_point.h"
#include "base/log.h"

namespace ejf::server {

namespace asio = boost::asio;

namespace {

constexpr const char* k_not_removed = "an answered request cannot be removed";
constexpr const char* k_refused = "the disk did not take all answers";
constexpr std::chrono::milliseconds k_first_pause{1000};
constexpr std::chrono::milliseconds k_longest_pause{30'000};

}  // namespace

Delivered::Delivered(asio::io_context& loop, Troubles& troubles, std::chrono::milliseconds interval,
                     std::function<void(spool::Claim)> on_doubt)
    : loop_(loop), troubles_(troubles), interval_(interval), timer_(loop), on_doubt_(std::move(on_doubt)) {}

Delivered::~Delivered() = default;

void Delivered::add(spool::Claim&& claim, const std::string& suffix, spool::ReplySide& side) {
  side.add_to(waiting_.file_systems);
  waiting_.entries.push_back({std::move(claim), suffix});
  if (!is_busy_) wait();
}

void Delivered::settle(std::function<void()> on_settled) {
  on_settled_ = std::move(on_settled);
  if (!is_busy_) return on_settled_();
  timer_.cancel();  // what waits for it goes on at once
}

void Delivered::wait() {
  is_busy_ = true;
  timer_.expires_at(on_settled_ ? asio::steady_timer::time_point{} : next_sync_);
  // Cancelled is as good as over.
  timer_.async_wait([this](const boost::system::error_code&) { sync(); });
}

void Delivered::sync() {
  std::swap(syncing_.entries, waiting_.entries);
  syncing_.file_systems.add_all(std::exchange(waiting_.file_systems, {}));
  next_sync_ = asio::steady_timer::clock_type::now() + interval_;
  asio::post(thread_, [this] {
    std::exception_ptr failure;
    try {
      syncing_.file_systems.sync(always_);
    } catch (const SysError&) {
      failure = std::current_exception();
    }
    asio::post(loop_, [this, failure] { synced(failure); });
  });
}

void Delivered::synced(const std::exception_ptr& failure) {
  EJF_FAULT_POINT("synced");
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const SysError& error) {
    return refused(error);
  }
  troubles_.over(k_refused);
  doubt_all();
  let_go_some();
}

/// The kernel tells once, and says of nothing what became of it (fsync(2)): a later success means nothing for these,
/// nor for what was written since. They are answered once more when the disk takes something again, not before: it
/// could refuse that answer as well, and the next one.
void Delivered::refused(const std::exception& error) {
  troubles_.note(k_refused, error);
  for (Batch* batch : {&syncing_, &waiting_}) {
    std::move(batch->entries.begin(), batch->entries.end(), std::back_inserter(doubtful_));
    batch->entries.clear();
  }
  if (on_settled_) {
    doubt_all();
    return let_go_some();
  }
  pause();
  wait();
}

void Delivered::pause() {
  pause_ = std::clamp(2 * pause_, k_first_pause, k_longest_pause);
  next_sync_ = std::max(next_sync_, asio::steady_timer::clock_type::now() + pause_);
}

void Delivered::doubt_all() {
  if (doubtful_.empty()) return;
  log::warning("{} answers may not be on disk: their requests are worked on again", doubtful_.size());
  for (Entry& entry : std::exchange(doubtful_, {})) {
    try {
      if (entry.claim.doubt()) on_doubt_(std::move(entry.claim));
    } catch (const SysError& error) {
      log::error("{}: {}", entry.claim.packet_name(), error.what());  // it stays for adopt()
    }
  }
}

/// What cannot be removed comes again with the next wait for the disk, or stays for adopt().
void Delivered::let_go(Entry&& entry) {
  const std::string name = entry.claim.packet_name();
  try {
    if (!entry.claim.finish(entry.suffix)) log::warning("{}: answered, but its source cannot be removed", name);
    troubles_.over(k_not_removed);
  } catch (const Error& error) {
    troubles_.note(k_not_removed, error, name);
    if (entry.claim) stuck_.push_back(std::move(entry));
  }
}

/// A few at a time, so that requests do not wait behind hundreds.
void Delivered::let_go_some() {
  constexpr std::size_t k_some = 16;
  auto& entries = syncing_.entries;
  for (std::size_t i = 0; i < k_some && !entries.empty(); ++i) {
    let_go(std::move(entries.back()));
    entries.pop_back();
  }
  if (!entries.empty()) return asio::post(loop_, [this] { let_go_some(); });
  syncing_ = {};
  is_busy_ = false;
  auto stuck = std::exchange(stuck_, {});
  if (stuck.empty()) {
    pause_ = {};
  } else if (!on_settled_) {
    pause();
    std::move(stuck.begin(), stuck.end(), std::back_inserter(waiting_.entries));
  }
  if (!waiting_.entries.empty()) return wait();
  if (on_settled_) on_settled_();
}

}  // namespace ejf::server
