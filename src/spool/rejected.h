// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace ejf::spool {

/// Why a packet is kept aside, and what it was.
struct Rejection {
  std::string packet_name;
  std::string suffix;  ///< of its source in src
  std::string reason;  ///< may have several lines
};

struct RejectedEntry {
  std::string id;  ///< how the functions below call it
  Rejection rejection;
  std::string time;  ///< 2026-11-21T14:01:56Z
  std::uint64_t packet_size = 0;
  bool has_source = false;
};

/// Packets that nobody could make anything of, in queue/rejected: `<id>`, `<id>.src` (its source, if there was one) and
/// `<id>.why`. The id is the packet's name where that is short and has no dot. Nothing here is ever removed by itself;
/// needs no instance, so that a tool may use it beside running servers. All throw SysError.
class Rejected {
 public:
  /// `base` is `<SPOOL>/<queue id>` or `<compile_dir>`: what holds queue and src, which must be there.
  explicit Rejected(const std::string& base);

  /// Moves the packet `file` of `directory`, and the source that belongs to it, here. Returns its id. The packet moves
  /// last: after a crash in between it is still where it was, and keeping it again gives the same id.
  std::string keep(int directory, const std::string& file, const Rejection& rejection);

  /// In order of ids.
  std::vector<RejectedEntry> list() const;
  std::optional<RejectedEntry> find(const std::string& id) const;
  std::string read_packet(const std::string& id, std::size_t limit) const;
  /// Source and packet go back to src and queue/dir. Throws Error when a packet of that name waits there, or the name
  /// is not known any more. False when there is no such id.
  bool retry(const std::string& id);
  /// False when there is no such id.
  bool drop(const std::string& id);

 private:
  int directory() const;
  std::string free_id(const std::string& packet_name) const;
  bool is_begun(const std::string& id, const std::string& packet_name) const;
  void keep_source(const Rejection& rejection, const std::string& id);

  UniqueFd queue_;
  UniqueFd dir_;
  UniqueFd src_;
  mutable UniqueFd rejected_;  ///< opened when first needed: most queues never have one
};

}  // namespace ejf::spool
