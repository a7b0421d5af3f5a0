// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "packet/heartbeat.h"
#include "spool/safe_directory.h"

namespace ejf::transport {

/// What ejudge's pages ask a server to do, by a file beside its heartbeat.
enum class ServerCommand {
  stop,    ///< @S
  down,    ///< @D: stop, then halt the machine
  reboot,  ///< @R
};

/// A name in heartbeat/dir: <base>.<pid>, of a control file with @S, @D or @R behind it.
struct HeartbeatName {
  std::string_view base;
  pid_t pid = 0;
  bool is_control = false;

  /// The views are into `name`.
  static std::optional<HeartbeatName> parse(std::string_view name);
};

/// What a base may look like: bytes outside the printable ASCII, '/' and a leading dot become '_', as ejudge's pages
/// have it, and there are at most 128 of them.
std::string heartbeat_base(std::string_view text);

/// One server's place in `<SPOOL>/<queue id>/heartbeat`: its own file there, and the control files that belong to it.
class HeartbeatDirectory {
 public:
  /// Makes what is missing; the parent of `path` must exist. `base` is as heartbeat_base() gives it. Throws SysError.
  HeartbeatDirectory(std::string path, std::string base);

  /// When the directory was removed or replaced: opens, or makes, the one that has its name now. True then.
  bool follow();
  /// For a DirectoryWatch.
  std::string watched_directory() const { return path_ + "/dir"; }
  const std::string& name() const noexcept { return name_; }
  bool is_control_file(std::string_view name) const;

  /// Over the last one. Throws SysError.
  void write(const packet::Heartbeat& heartbeat);
  /// Throws SysError.
  void remove();
  /// The control files that are there for this server, which are removed: each is obeyed once. Only a regular file
  /// counts. Throws SysError.
  std::vector<ServerCommand> take_commands();
  /// Removes heartbeats and control files of servers of this host that are gone: their process does not exist, and the
  /// base is the name of this host; or it is our own base, which another host might have too, and the file has not
  /// changed for `silence` by the clock of the file system. Returns their names. Throws SysError.
  std::vector<std::string> remove_stale(std::chrono::seconds silence);

 private:
  bool is_stale(const std::string& name, time_t last_sign) const;

  std::string path_;
  std::string base_;
  std::string host_base_;
  std::string name_;
  spool::SafeDirectory files_;
};

}  // namespace ejf::transport
