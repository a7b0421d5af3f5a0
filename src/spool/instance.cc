// SPDX-License-Identifier: Apache-2.0
#include "spool/instance.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.h"
#include "base/fault_point.h"
#include "base/files.h"
#include "spool/claim_name.h"

namespace ejf::spool {

namespace {

FileTime modification_time(const struct stat& info) {
  return std::chrono::seconds{info.st_mtim.tv_sec} + std::chrono::nanoseconds{info.st_mtim.tv_nsec};
}

}  // namespace

Liveness probe_instance(int out, const std::string& instance, std::string_view this_host) {
  try {
    if (FileLock::is_locked(out, instance_file_name(instance))) return Liveness::alive;
  } catch (const SysError& e) {
    if (e.code() == EACCES || e.code() == ELOOP) return Liveness::unknown;
    throw;
  }
  return host_of_instance(instance) == this_host ? Liveness::dead : Liveness::unknown;
}

Instance::Instance(int out, const std::string& host) : out_(out) {
  // A neighbour that tidies up may hold a file for a moment between its making and our lock: then a new name.
  while (!lock_) {
    id_ = make_instance(host);
    lock_ = FileLock::try_lock(out_, instance_file_name(id_));
  }
  EJF_FAULT_POINT("instance-locked");
}

Instance::~Instance() {
  ::unlinkat(out_, instance_file_name(id_).c_str(), 0);
}

FileTime Instance::renew() {
  const std::string name = instance_file_name(id_);
  auto found = try_stat_at(out_, name);
  if (!found || found->st_ino != stat_fd(lock_->fd(), name).st_ino) {
    if (auto again = FileLock::try_lock(out_, name)) lock_ = std::move(again);
  }
  if (::futimens(lock_->fd(), nullptr) != 0) throw SysError("touch", name);
  return modification_time(stat_fd(lock_->fd(), name));
}

Liveness Instance::probe(const std::string& other) const {
  return other == id_ ? Liveness::alive : probe_instance(out_, other, host_of_instance(id_));
}

void Instance::note_alone(std::string_view packet) const noexcept {
  if (::ftruncate(lock_->fd(), 0) != 0 || packet.empty()) return;
  const auto done = ::pwrite(lock_->fd(), packet.data(), packet.size(), k_crash_mark.size());
  static_cast<void>(done);
}

bool Instance::has_crashed_with(const std::string& other, std::string_view packet) const {
  constexpr std::size_t k_limit = 4096;
  try {
    const auto text = try_read_regular_at(out_, instance_file_name(other), k_limit);
    if (!text || !text->starts_with(k_crash_mark)) return false;
    const auto alone = text->substr(k_crash_mark.size());
    return alone.empty() || alone == packet;
  } catch (const Error&) {
    return false;  // another user's, or something else under this name
  }
}

std::optional<FileTime> Instance::last_renewal(const std::string& other) const {
  auto info = try_stat_at(out_, instance_file_name(other));
  if (!info) return {};
  return modification_time(*info);
}

void Instance::remove_stale(const std::string& other) const {
  try {
    auto lock = FileLock::try_lock(out_, instance_file_name(other));
    if (lock) try_unlink_at(out_, instance_file_name(other));
  } catch (const SysError&) {
    // Another user's: it takes no more than one name in the directory.
    return;
  }
}

}  // namespace ejf::spool
