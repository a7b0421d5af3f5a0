// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/unique_fd.h"
#include "spool/file_systems.h"

namespace ejf::spool {

/// The reply side of one contest server: `<base>/status` (safe directory) and `<base>/report`. What is missing is made
/// (status 0775, all else 0777), what is there stays as it is; status/out is never opened. Keeps its directories open,
/// and opens them anew when they were removed or replaced. May be used by several threads.
///
/// Delivery in order: put_report() for each file, stage_reply(), Claim::begin_delivery(), publish_reply(), the wait for
/// the disk (add_to()), Claim::finish(). Names are a packet's and a run's, so whoever adopts the claim can go on with
/// nothing else. A reply is visible at once, whatever the disk does.
/// Everything throws SysError, and Error for a name that is not plain.
class ReplySide {
 public:
  /// `base` is `<SPOOL>/<contest server id>`, `<SPOOL>/<contest server id>/<%06d contest>` (old versions) or
  /// `<compile_dir>/<%06d contest>` (legacy layout). Its parent must exist.
  explicit ReplySide(std::string base);
  ReplySide(const ReplySide&) = delete;
  ReplySide& operator=(const ReplySide&) = delete;

  /// A file in report, complete when it appears; over an old one. Logs are 0644, executables 0755.
  void put_report(const std::string& file_name, std::string_view data, mode_t mode);
  /// The same with all of what `source` holds, copied in the kernel; moves the file position of `source`.
  void put_report(const std::string& file_name, int source, mode_t mode);
  /// False when it was not there.
  bool remove_report(const std::string& file_name);

  /// Writes the reply into status/in under a name that is the packet's; over one that was staged before.
  void stage_reply(const std::string& packet_name, std::string_view reply);
  bool has_staged(const std::string& packet_name);
  bool discard_staged(const std::string& packet_name);
  /// Renames the staged reply to status/dir/<run_name>. False when there is none (any more): it was published before.
  bool publish_reply(const std::string& packet_name, const std::string& run_name);

  /// Where all that lies here must be on disk before a claim may go.
  void add_to(FileSystems& file_systems);

  const std::string& path() const noexcept { return base_; }

 private:
  struct Parts {
    UniqueFd report;
    UniqueFd in;
    UniqueFd dir;
  };
  using Action = std::function<bool(const Parts&)>;
  /// Which of them an action goes by.
  enum class Uses { report, staging, publishing };

  std::shared_ptr<const Parts> open_parts() const;
  bool is_current(const Parts& parts, Uses uses) const;
  std::shared_ptr<const Parts> current_parts(Uses uses);
  std::shared_ptr<const Parts> reopen_parts();
  bool with_parts(Uses uses, const Action& action);
  static void write_file(int dir, const std::string& name, mode_t mode, const std::function<void(int)>& fill);

  std::string base_;
  std::mutex mutex_;  ///< guards parts_; what it points at does not change
  std::shared_ptr<const Parts> parts_;
};

}  // namespace ejf::spool
