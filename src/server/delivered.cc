// SPDX-License-Identifier: Apache-2.0
#include "server/delivered.h"

#include <boost/asio/post.hpp>
#include <utility>

#include "base/error.h"
#include "base/fault_point.h"
#include "base/log.h"

namespace ejf::server {

namespace asio = boost::asio;

namespace {

/// What could not be removed stays for adopt().
void let_go(spool::Claim& claim, const std::string& suffix) {
  const std::string name = claim.packet_name();
  try {
    if (!claim.finish(suffix)) log::warning("{}: answered, but its source cannot be removed", name);
  } catch (const Error& error) {
    log::error("{}: answered, but its claim cannot be removed: {}", name, error.what());
  }
}

}  // namespace

Delivered::Delivered(asio::io_context& loop, std::chrono::milliseconds interval,
                     std::function<void(spool::Claim)> on_doubt)
    : loop_(loop), interval_(interval), timer_(loop), on_doubt_(std::move(on_doubt)) {}

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
  timer_.expires_after(on_settled_ ? std::chrono::milliseconds{0} : interval_);
  // Cancelled is as good as over.
  timer_.async_wait([this](const boost::system::error_code&) { sync(); });
}

void Delivered::sync() {
  syncing_ = std::exchange(waiting_, {});
  syncing_.file_systems.add_all(always_);
  is_syncing_ = true;
  asio::post(thread_, [this] {
    std::string failure;
    try {
      syncing_.file_systems.sync();
    } catch (const SysError& error) {
      failure = error.what();
    }
    asio::post(loop_, [this, failure] { synced(failure); });
  });
}

void Delivered::synced(const std::string& failure) {
  EJF_FAULT_POINT("synced");
  is_syncing_ = false;
  if (!failure.empty()) {
    // The kernel tells once, and says of nothing what became of it (fsync(2)): a later success means nothing for these,
    // nor for what was written since.
    log::error("{} answers may not be on disk: {}; their requests are worked on again",
               syncing_.entries.size() + waiting_.entries.size(), failure);
    doubt(syncing_.entries);
    doubt(waiting_.entries);
  }
  let_go_some();
}

void Delivered::doubt(std::vector<Entry>& entries) {
  for (Entry& entry : std::exchange(entries, {})) {
    try {
      if (entry.claim.doubt()) on_doubt_(std::move(entry.claim));
    } catch (const SysError& error) {
      log::error("{}: {}", entry.claim.packet_name(), error.what());  // it stays for adopt()
    }
  }
}

/// A few at a time, so that requests do not wait behind hundreds.
void Delivered::let_go_some() {
  constexpr std::size_t k_some = 16;
  auto& entries = syncing_.entries;
  for (std::size_t i = 0; i < k_some && !entries.empty(); ++i) {
    let_go(entries.back().claim, entries.back().suffix);
    entries.pop_back();
  }
  if (!entries.empty()) return asio::post(loop_, [this] { let_go_some(); });
  syncing_ = {};
  is_busy_ = false;
  if (!waiting_.entries.empty()) return wait();
  if (on_settled_) on_settled_();
}

}  // namespace ejf::server
