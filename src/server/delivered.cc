// SPDX-License-Identifier: Apache-2.0
#include "server/delivered.h"

#include <boost/asio/post.hpp>
#include <iterator>
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
  } catch (const SysError& error) {
    log::error("{}: answered, but its claim cannot be removed: {}", name, error.what());
  }
}

}  // namespace

Delivered::Delivered(asio::io_context& loop, std::chrono::milliseconds interval)
    : loop_(loop), interval_(interval), timer_(loop) {}

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
  Batch batch = std::exchange(syncing_, {});
  is_busy_ = false;
  EJF_FAULT_POINT("synced");
  if (failure.empty()) {
    for (Entry& entry : batch.entries) let_go(entry.claim, entry.suffix);
  } else {
    log::error("{} answers may not be on disk: {}; trying again", batch.entries.size(), failure);
    if (on_settled_) return on_settled_();
    std::move(batch.entries.begin(), batch.entries.end(), std::back_inserter(waiting_.entries));
    waiting_.file_systems.add_all(batch.file_systems);
  }
  if (!waiting_.entries.empty()) return wait();
  if (on_settled_) on_settled_();
}

}  // namespace ejf::server
