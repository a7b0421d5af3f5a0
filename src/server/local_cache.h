// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/unique_fd.h"
#include "base/uuid.h"
#include "packet/compile_request.h"

namespace ejf::server {

/// Executables that stay on this host, for a test server that runs here too and finds them as
/// `<directory>/<judge_uuid><exe_sfx>`; what goes to ejudge in their place is a script that only says so. The test
/// server removes what it took; what nobody took for `age` is removed by clean().
class LocalCache {
 public:
  /// Makes the directory (0770) if need be. Throws Error when it cannot be used.
  LocalCache(std::string directory, std::chrono::milliseconds age);

  /// Does the other side know of caches, and is there a name for the executable?
  static bool is_wanted(const packet::CompileRequest& request);
  /// Copies the executable from its start; complete when it appears, 0755. May run on another thread. Throws SysError.
  void keep(const Uuid& judge_uuid, const std::string& exe_sfx, int executable) const;
  /// What is delivered instead: read from its start.
  static UniqueFd make_stand_in();
  static std::string_view stand_in_text();

  /// Looks for what is too old, but not more often than is worth while. When the clock of the machine was set, nothing
  /// is too old for as long as executables are kept. Throws SysError.
  void clean();

 private:
  bool was_clock_set();
  void remove_old() const;

  std::string directory_;
  std::chrono::milliseconds age_;
  Monotonic::time_point next_cleaning_{};
  std::optional<std::chrono::seconds> clock_;  ///< the clock's time, less the time that does not jump
  Monotonic::time_point trusted_from_{};       ///< the ages of files
};

}  // namespace ejf::server
