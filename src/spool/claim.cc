// SPDX-License-Identifier: Apache-2.0
#include "spool/claim.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/error.h"
#include "base/fault_point.h"
#include "base/files.h"
#include "base/log.h"
#include "base/text.h"
#include "spool/queue_core.h"
#include "spool/rename_new.h"

namespace ejf::spool {

namespace {

constexpr int k_careful = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;

/// Empty when there cannot be such a file.
std::optional<std::string> source_name(const std::string& packet, std::string_view suffix) {
  if (!is_plain_suffix(suffix) || packet.size() + suffix.size() > 255) return {};
  return packet + std::string{suffix};
}

void check_regular(int fd, const std::string& name) {
  if (!S_ISREG(stat_fd(fd, name).st_mode)) throw Error(name + ": not a regular file");
}

}  // namespace

Claim::Claim(std::shared_ptr<QueueCore> core, ClaimName name) : core_(std::move(core)), name_(std::move(name)) {
  core_->held.insert(name_.packet);
}

Claim::Claim(Claim&& other) noexcept : core_(std::move(other.core_)), name_(std::move(other.name_)) {}

Claim& Claim::operator=(Claim&& other) noexcept {
  // By way of a third claim, so that what this one held is settled by its destructor.
  Claim taken{std::move(other)};
  std::swap(core_, taken.core_);
  std::swap(name_, taken.name_);
  return *this;
}

Claim::~Claim() {
  if (!core_) return;
  try {
    if (!is_delivering()) give_back();
  } catch (const Error& e) {
    // It stays claimed: adopt() finds it. A destructor has nobody to tell but the log.
    log::error("{}: cannot give the packet back: {}", name_.packet, e.what());
  }
  release();
}

void Claim::release() noexcept {
  if (core_) core_->held.erase(name_.packet);
  core_.reset();
}

std::string Claim::read() const {
  EJF_CHECK(core_);
  UniqueFd fd = open_at(core_->out.get(), name_.text(), k_careful);
  check_regular(fd.get(), name_.packet);
  std::string data(k_max_packet_size + 1, '\0');
  std::size_t used = 0;
  while (used < data.size()) {
    ssize_t n = ::read(fd.get(), data.data() + used, data.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw SysError("read", name_.packet);
    if (n == 0) break;
    used += static_cast<std::size_t>(n);
  }
  data.resize(used);
  return data;
}

std::optional<UniqueFd> Claim::open_source(std::string_view suffix) const {
  EJF_CHECK(core_);
  if (!is_plain_suffix(suffix)) throw Error(name_.packet + ": the source's suffix is not plain");
  auto name = source_name(name_.packet, suffix);
  if (!name) return {};
  auto fd = try_open_at(core_->src.get(), *name, k_careful);
  if (fd) check_regular(fd->get(), *name);
  return fd;
}

bool Claim::begin_delivery() {
  EJF_CHECK(core_);
  if (is_delivering()) return true;
  const bool is_ours = enter(ClaimState::delivering);
  EJF_FAULT_POINT("delivering");
  return is_ours;
}

/// False when the claim is lost.
bool Claim::enter(ClaimState state) {
  ClaimName next = name_;
  next.state = state;
  if (!try_rename_at(core_->out.get(), name_.text(), core_->out.get(), next.text())) {
    was_removed_ = stat_fd(core_->out.get(), "queue/out").st_nlink == 0;
    release();
    return false;
  }
  name_ = std::move(next);
  return true;
}

bool Claim::finish(std::string_view suffix) {
  EJF_CHECK(core_);
  if (crashes() >= k_given_up_after) {
    reject(why_given_up(), suffix);
    return true;
  }
  if (name_.state != ClaimState::settled && !enter(ClaimState::settled)) return true;
  // Between two file systems nobody keeps the order: without its source the request must never be worked on again.
  if (core_->is_src_elsewhere && ::fsync(core_->out.get()) != 0) throw SysError("sync", "queue/out");
  EJF_FAULT_POINT("settled");
  bool is_clean = true;
  try {
    if (auto name = source_name(name_.packet, suffix)) try_unlink_at(core_->src.get(), *name);
  } catch (const SysError&) {
    is_clean = false;
  }
  EJF_FAULT_POINT("source-removed");
  try_unlink_at(core_->out.get(), name_.text());
  EJF_FAULT_POINT("finished");
  release();
  return is_clean;
}

void Claim::give_back() {
  EJF_CHECK(core_ && !is_delivering());
  if (rename_new(core_->out.get(), name_.text(), core_->dir.get(), name_.packet) == RenameResult::target_exists) {
    try_unlink_at(core_->out.get(), name_.text());
  }
  EJF_FAULT_POINT("given-back");
  release();
}

void Claim::reject(std::string_view reason, std::string_view suffix) {
  EJF_CHECK(core_);
  const bool may_have_source = source_name(name_.packet, suffix).has_value();
  // Before the source moves: it belongs to whoever has the claim.
  if (!try_stat_at(core_->out.get(), name_.text())) return release();
  core_->rejected.keep(core_->out.get(), name_.text(),
                       {.packet_name = name_.packet,
                        .suffix = std::string{may_have_source ? suffix : ""},
                        .reason = std::string{reason}});
  release();
}

}  // namespace ejf::spool
