// SPDX-License-Identifier: Apache-2.0
#include "spool/reply_side.h"

#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/fault_point.h"
#include "base/files.h"
#include "base/text.h"
#include "spool/claim_name.h"
#include "spool/safe_directory.h"

namespace ejf::spool {

namespace {

void check_plain(const std::string& name) {
  if (!is_plain_name(name)) throw Error("not a plain file name: " + escape_c(name));
}

std::string staged_name(const std::string& packet_name) {
  check_plain(packet_name);
  if (packet_name.size() > k_max_packet_name) throw Error("packet name too long: " + packet_name);
  return "ejf," + packet_name;
}

}  // namespace

ReplySide::ReplySide(std::string base) : base_(std::move(base)), parts_(open_parts()) {}

std::shared_ptr<const ReplySide::Parts> ReplySide::open_parts() const {
  make_directory(base_, 0777);
  make_safe_directory(base_ + "/status");
  make_directory(base_ + "/report", 0777);
  auto parts = std::make_shared<Parts>();
  parts->report = open_directory(base_ + "/report");
  parts->in = open_directory(base_ + "/status/in");
  parts->dir = open_directory(base_ + "/status/dir");
  return parts;
}

bool ReplySide::is_current(const Parts& parts, Uses uses) const {
  if (uses == Uses::report) return is_same_directory(base_ + "/report", parts.report.get());
  return is_same_directory(base_ + "/status/in", parts.in.get()) &&
         (uses == Uses::staging || is_same_directory(base_ + "/status/dir", parts.dir.get()));
}

std::shared_ptr<const ReplySide::Parts> ReplySide::current_parts(Uses uses) {
  std::lock_guard lock{mutex_};
  // A look at each call: a directory that was moved away still takes our files, but nobody would ever read them there.
  if (!is_current(*parts_, uses)) parts_ = open_parts();
  return parts_;
}

std::shared_ptr<const ReplySide::Parts> ReplySide::reopen_parts() {
  std::lock_guard lock{mutex_};
  return parts_ = open_parts();
}

bool ReplySide::with_parts(Uses uses, const Action& action) {
  try {
    return action(*current_parts(uses));
  } catch (const SysError& e) {
    if (e.code() != ENOENT) throw;
  }
  // Removed between the look and the use.
  return action(*reopen_parts());
}

void ReplySide::write_file(int dir, const std::string& name, mode_t mode, const std::function<void(int)>& fill) {
  // The claim's holder alone writes this file, and whoever adopts the claim writes it again: over what a killed server
  // left under the same temporary name.
  AtomicFile file(dir, name, mode, "." + name + ".tmp");
  fill(file.fd());
  EJF_FAULT_POINT("file-written");
  file.commit();
}

void ReplySide::put_report(const std::string& file_name, std::string_view data, mode_t mode) {
  check_plain(file_name);
  with_parts(Uses::report, [&](const Parts& parts) {
    write_file(parts.report.get(), file_name, mode, [&](int to) { write_all(to, data, file_name); });
    EJF_FAULT_POINT("log-put");
    return true;
  });
}

void ReplySide::put_report(const std::string& file_name, int source, mode_t mode) {
  check_plain(file_name);
  with_parts(Uses::report, [&](const Parts& parts) {
    write_file(parts.report.get(), file_name, mode, [&](int to) {
      if (::lseek(source, 0, SEEK_SET) < 0) throw SysError("seek", file_name);
      copy_all(source, to, file_name);
    });
    EJF_FAULT_POINT("file-put");
    return true;
  });
}

bool ReplySide::remove_report(const std::string& file_name) {
  check_plain(file_name);
  return with_parts(Uses::report, [&](const Parts& parts) { return try_unlink_at(parts.report.get(), file_name); });
}

void ReplySide::stage_reply(const std::string& packet_name, std::string_view reply) {
  const std::string name = staged_name(packet_name);
  with_parts(Uses::staging, [&](const Parts& parts) {
    write_file(parts.in.get(), name, 0644, [&](int to) { write_all(to, reply, name); });
    EJF_FAULT_POINT("staged");
    return true;
  });
}

bool ReplySide::has_staged(const std::string& packet_name) {
  const std::string name = staged_name(packet_name);
  return with_parts(Uses::staging, [&](const Parts& parts) { return try_stat_at(parts.in.get(), name).has_value(); });
}

bool ReplySide::discard_staged(const std::string& packet_name) {
  const std::string name = staged_name(packet_name);
  return with_parts(Uses::staging, [&](const Parts& parts) { return try_unlink_at(parts.in.get(), name); });
}

bool ReplySide::publish_reply(const std::string& packet_name, const std::string& run_name) {
  const std::string name = staged_name(packet_name);
  check_plain(run_name);
  const bool was_staged = with_parts(Uses::publishing, [&](const Parts& parts) {
    return try_rename_at(parts.in.get(), name, parts.dir.get(), run_name);
  });
  EJF_FAULT_POINT("published");
  return was_staged;
}

/// Not opened anew: the reply may have been read, and the directory removed, since it was put there.
void ReplySide::add_to(FileSystems& file_systems) {
  std::shared_ptr<const Parts> parts;
  {
    std::lock_guard lock{mutex_};
    parts = parts_;
  }
  file_systems.add(parts->report.get());
  file_systems.add(parts->dir.get());
}

}  // namespace ejf::spool
