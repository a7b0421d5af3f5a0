// SPDX-License-Identifier: Apache-2.0
#include "spool/request_queue.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/error.h"
#include "base/fault_point.h"
#include "base/files.h"
#include "base/text.h"
#include "spool/queue_core.h"
#include "spool/safe_directory.h"

namespace ejf::spool {

namespace {

const std::string& make_request_side(const std::string& base) {
  make_directory(base, 0775);
  make_safe_directory(base + "/queue");
  make_directory(base + "/src", 0777);
  return base;
}

/// The same for a file that is there; empty when it is a packet. One that we may not read is never claimed: it would
/// come back again and again.
std::string why_not_taken(int dir, const std::string& name, mode_t mode) {
  if (const char* reason = why_odd(name, mode)) return reason;
  if (::faccessat(dir, name.c_str(), R_OK, AT_EACCESS | AT_SYMLINK_NOFOLLOW) == 0 || errno != EACCES) return {};
  return "may not be read by this server; left alone until that changes";
}

}  // namespace

const char* why_odd(const std::string& name, mode_t mode) noexcept {
  if (!is_plain_name(name)) return "not a plain name";
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISLNK(mode)) return "a symbolic link";
  return S_ISREG(mode) ? nullptr : "not a regular file";
}

QueueCore::QueueCore(const std::string& base, const std::string& host)
    : dir(open_directory(base + "/queue/dir")),
      out(open_directory(base + "/queue/out")),
      src(open_directory(base + "/src")),
      rejected(base),
      instance(out.get(), host) {}

RequestQueue::RequestQueue(const std::string& base, const std::string& host)
    : dir_path_(base + "/queue/dir"),
      out_path_(base + "/queue/out"),
      core_(std::make_shared<QueueCore>(make_request_side(base), host)) {}

void RequestQueue::note(const std::string& name) {
  if (name.starts_with('.')) return;
  if (const char* reason = why_odd(name, S_IFREG)) return mark_odd(name, reason);
  index_.insert(name);
}

void RequestQueue::scan() {
  const std::vector<std::string> names = list_directory(core_->dir.get());
  std::map<std::string, std::string> before = std::exchange(odd_, {});
  index_ = {};
  for (const std::string& name : names) {
    auto known = before.find(name);
    // What was odd is looked at again only here: it may be a packet by now.
    if (known != before.end()) {
      auto info = try_stat_at(core_->dir.get(), name);
      if (!info) continue;
      if (!why_not_taken(core_->dir.get(), name, info->st_mode).empty()) {
        odd_.insert(std::move(*known));
        continue;
      }
    }
    note(name);
  }
}

void RequestQueue::mark_odd(const std::string& name, const std::string& reason) {
  if (odd_.emplace(name, reason).second) new_odd_.push_back({name, reason});
}

bool RequestQueue::is_packet(const std::string& name) {
  auto info = try_stat_at(core_->dir.get(), name);
  if (!info) return false;
  const std::string reason = why_not_taken(core_->dir.get(), name, info->st_mode);
  if (!reason.empty()) mark_odd(name, reason);
  return reason.empty();
}

void RequestQueue::set_aside(const std::string& name) {
  try {
    core_->rejected.keep(
        core_->dir.get(), name,
        {.packet_name = name, .suffix = "", .reason = "the packet's name is too long to be claimed by renaming"});
    new_odd_.push_back({name, "name too long, moved to queue/rejected"});
  } catch (const Error& e) {
    mark_odd(name, e.what());
  }
}

std::optional<Claim> RequestQueue::take() {
  while (auto name = index_.pop()) {
    // A packet that was sent again while we work on its namesake waits for the next scan after that.
    if (core_->held.contains(*name) || !is_packet(*name)) continue;
    if (name->size() > k_max_packet_name) {
      set_aside(*name);
      continue;
    }
    if (auto claim = try_claim(*name)) return claim;
  }
  return {};
}

std::optional<Claim> RequestQueue::try_claim(const std::string& name) {
  ClaimName claim{ClaimState::claimed, core_->instance.id(), name};
  try {
    if (!try_rename_at(core_->dir.get(), name, core_->out.get(), claim.text())) return {};
  } catch (const SysError& e) {
    if (e.code() != EPERM) {
      index_.insert(name);
      throw;
    }
    // This file alone (sticky directory and another owner, immutable): it must not hold up all behind it.
    mark_odd(name, e.what());
    return {};
  }
  EJF_FAULT_POINT("claimed");
  return Claim{core_, std::move(claim)};
}

void RequestQueue::renew() {
  core_->instance.renew();
}

bool RequestQueue::is_current() const {
  return is_same_directory(dir_path_, core_->dir.get()) && is_same_directory(out_path_, core_->out.get());
}

std::vector<OddEntry> RequestQueue::odd_entries() const {
  std::vector<OddEntry> entries;
  for (const auto& [name, reason] : odd_) entries.push_back({name, reason});
  return entries;
}

int RequestQueue::crash_mark_fd() const noexcept {
  return core_->instance.fd();
}

void RequestQueue::note_alone(const std::string& packet) noexcept {
  core_->instance.note_alone(packet);
}

const std::string& RequestQueue::instance() const noexcept {
  return core_->instance.id();
}

}  // namespace ejf::spool
