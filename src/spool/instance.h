// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/file_lock.h"

namespace ejf::spool {

/// A time stamp of the file system, which may be another machine's.
using FileTime = std::chrono::nanoseconds;

enum class Liveness {
  alive,
  dead,
  unknown,  ///< of another host, whose locks may be invisible from here; or a lock file that we may not open
};

/// What an instance that crashes writes to the start of its file, if it still can. Behind it stands the name of the
/// packet that it was working on alone, if it did.
inline constexpr std::string_view k_crash_mark = "crashed\n";

/// Of any instance, as seen from `this_host`, without being one. `out` is queue/out. Throws SysError.
Liveness probe_instance(int out, const std::string& instance, std::string_view this_host);

/// One run of one server: it lives while it holds the lock on its own file in queue/out. Goes with the process, kill -9
/// included; forked children must exec, or they keep their parent's instance alive.
class Instance {
 public:
  /// `out` must stay open as long as this object. Throws SysError.
  Instance(int out, const std::string& host);
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  /// Removes the file; claims that are left are a dead instance's from now on.
  ~Instance();

  const std::string& id() const noexcept { return id_; }
  /// A sign of life for other hosts, which cannot see the lock: touches the file, and makes it again should somebody
  /// have tidied it away. Returns the file system's idea of now.
  FileTime renew();

  /// Of the file that is locked; may be another one after renew().
  int fd() const noexcept { return lock_->fd(); }

  Liveness probe(const std::string& other) const;
  /// Until the next call; empty: none. As well as that can be done: nothing depends on it but whom a crash is put down
  /// to.
  void note_alone(std::string_view packet) const noexcept;
  /// Did it crash, rather than being killed, and may this packet of its claims have been the cause? False also when
  /// nobody can tell.
  bool has_crashed_with(const std::string& other, std::string_view packet) const;
  /// When another instance renewed last; empty without a file.
  std::optional<FileTime> last_renewal(const std::string& other) const;
  /// Removes the lock file of an instance unless it is held.
  void remove_stale(const std::string& other) const;

 private:
  int out_;
  std::string id_;
  std::optional<FileLock> lock_;
};

}  // namespace ejf::spool
