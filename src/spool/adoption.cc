// SPDX-License-Identifier: Apache-2.0
// How a queue takes over what others left. The only evidence is in queue/out: claim files, whose names tell their
// instance, and the lock files of instances. Who holds its lock lives. Who does not hold it is dead if it ran on this
// host; a lock of another host may be invisible here (NFS mounted with local locks), so there only silence counts: the
// last change of the claim file and the last renewal of its instance, by the clock of the file system.
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>

#include "base/error.h"
#include "base/fault_point.h"
#include "base/files.h"
#include "spool/queue_core.h"
#include "spool/request_queue.h"

namespace ejf::spool {

namespace {

FileTime file_time(const timespec& time) {
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

/// Decides about one instance after the other; asks for each lock once.
class Coroner {
 public:
  Coroner(const QueueCore& core, FileTime now, FileTime silence) : core_(core), now_(now), silence_(silence) {}

  bool is_abandoned(const ClaimName& name) {
    if (name.instance == core_.instance.id()) return !core_.held.contains(name.packet);
    Liveness liveness = probe(name.instance);
    if (liveness != Liveness::unknown) return liveness == Liveness::dead;
    auto info = try_stat_at(core_.out.get(), name.text());
    return info && is_silent(name.instance, std::max(file_time(info->st_mtim), file_time(info->st_ctim)));
  }

  /// Of an instance without claims.
  bool has_stale_file(const std::string& instance) {
    Liveness liveness = probe(instance);
    return liveness == Liveness::dead || (liveness == Liveness::unknown && is_silent(instance, FileTime::min()));
  }

 private:
  Liveness probe(const std::string& instance) {
    auto [place, is_new] = known_.try_emplace(instance, Liveness::alive);
    if (is_new) place->second = core_.instance.probe(instance);
    return place->second;
  }

  bool is_silent(const std::string& instance, FileTime last_sign) const {
    auto renewal = core_.instance.last_renewal(instance);
    if (renewal) last_sign = std::max(last_sign, *renewal);
    return last_sign == FileTime::min() || now_ - last_sign >= silence_;
  }

  const QueueCore& core_;
  FileTime now_;
  FileTime silence_;
  std::map<std::string, Liveness> known_;
};

bool is_before(const Claim& a, const Claim& b) {
  const int a_priority = packet_priority(a.packet_name());
  const int b_priority = packet_priority(b.packet_name());
  return a_priority != b_priority ? a_priority < b_priority : a.packet_name() < b.packet_name();
}

}  // namespace

std::vector<Claim> RequestQueue::adopt(std::chrono::seconds silence) {
  std::vector<Claim> adopted;
  std::set<std::string> lock_files;
  std::set<std::string> with_claims;
  const FileTime now = core_->instance.renew();
  Coroner coroner(*core_, now, silence);
  for (const std::string& entry : list_directory(core_->out.get())) {
    if (auto instance = parse_instance_file_name(entry)) lock_files.insert(*instance);
    auto name = ClaimName::parse(entry);
    if (!name) continue;
    std::optional<Claim> claim;
    if (coroner.is_abandoned(*name)) claim = adopt_one(*name);
    if (claim) {
      adopted.push_back(std::move(*claim));
    } else {
      with_claims.insert(name->instance);
    }
  }
  for (const std::string& instance : lock_files) {
    if (!with_claims.contains(instance) && coroner.has_stale_file(instance)) core_->instance.remove_stale(instance);
  }
  std::sort(adopted.begin(), adopted.end(), is_before);
  return adopted;
}

std::optional<Claim> RequestQueue::adopt_one(const ClaimName& name) {
  // Its namesake is being worked on by us: the next pass will do.
  if (core_->held.contains(name.packet)) return {};
  ClaimName ours = name;
  if (core_->instance.has_crashed_with(name.instance, name.packet)) {
    ours.crashes = std::min(name.crashes + 1, k_most_crashes);
  }
  ours.instance = core_->instance.id();
  // Whether a reply that was in no cache but that of a machine which went down since has reached the disk, nobody
  // knows.
  const bool may_be_lost = boot_of_instance(name.instance) != boot_of_instance(ours.instance);
  if (name.state == ClaimState::delivering && may_be_lost) ours.state = ClaimState::claimed;
  const std::string from = name.text();
  try {
    if (from != ours.text() && !try_rename_at(core_->out.get(), from, core_->out.get(), ours.text())) return {};
  } catch (const SysError& e) {
    // One that we may not touch must not keep all others from being adopted.
    if (e.code() != EPERM && e.code() != EACCES) throw;
    return {};
  }
  EJF_FAULT_POINT("adopted");
  return Claim{core_, std::move(ours)};
}

std::vector<std::string> RequestQueue::foreign_entries() const {
  std::vector<std::string> foreign;
  for (std::string& entry : list_directory(core_->out.get())) {
    if (!ClaimName::parse(entry) && !parse_instance_file_name(entry)) foreign.push_back(std::move(entry));
  }
  std::sort(foreign.begin(), foreign.end());
  return foreign;
}

}  // namespace ejf::spool
