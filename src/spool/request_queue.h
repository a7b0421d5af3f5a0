// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "spool/claim.h"
#include "spool/packet_index.h"

namespace ejf::spool {

/// Something in queue/dir that is not taken, or was put into queue/rejected, and why.
struct OddEntry {
  std::string name;  ///< as in the directory: any bytes
  std::string reason;
};

/// Why an entry of queue/dir is no packet, by its name and its type; null when it is one.
const char* why_odd(const std::string& name, mode_t mode) noexcept;

/// The request side of a spool: `<base>/queue/{in,dir,out}` and `<base>/src`. Any number of servers may share it; a
/// request is one server's from take() on. Which names wait is kept in memory and ordered, so that taking one does not
/// depend on how many there are; scan() alone reads the directory. For one thread.
class RequestQueue {
 public:
  /// Makes what is missing (base and queue 0775; in, dir, out and src 0777) and becomes an instance of `host`, this
  /// one. Throws SysError.
  explicit RequestQueue(const std::string& base, const std::string& host = node_name());

  /// A name that was seen to appear in queue/dir. A hint: it need not be there.
  void note(const std::string& name);
  /// Reads queue/dir: afterwards the index holds what is there. Throws SysError.
  void scan();
  /// Claims the most urgent packet; empty when none is known. Throws SysError when claiming does not work at all (disk
  /// full, no right to write): the packet waits on.
  std::optional<Claim> take();
  /// Names that are known to wait.
  std::size_t size() const noexcept { return index_.size(); }

  /// Claims that nobody works on, most urgent first, in the state that they were left in, except that `delivering` is
  /// `claimed` again when it was left before this machine's last start, or on another: of dead instances of this
  /// host; of other hosts' when neither the claim nor its instance has shown a sign of life for `silence`; our own
  /// without a Claim object. Of two that adopt at once each claim goes to one. Lock files of the dead are removed.
  /// Reads queue/out. Throws SysError.
  std::vector<Claim> adopt(std::chrono::seconds silence = std::chrono::hours{1});
  /// The sign of life that other hosts see; due several times in the `silence` that they are set to.
  void renew();

  /// False when queue/dir or queue/out was removed or replaced: then only a new RequestQueue helps.
  bool is_current() const;
  /// What is odd in queue/dir now; and what became odd since the last call, to be logged once.
  std::vector<OddEntry> odd_entries() const;
  std::vector<OddEntry> new_odd_entries() { return std::exchange(new_odd_, {}); }
  /// Names in queue/out that are not ours (ejudge's own after its crashes, ...): left alone. Reads queue/out. Tools use
  /// survey_queue() instead.
  std::vector<std::string> foreign_entries() const;

  const std::string& dir_path() const noexcept { return dir_path_; }  ///< what a DirectoryWatch should watch
  const std::string& instance() const noexcept;
  /// Where k_crash_mark goes when this process crashes: those who adopt its claims count it then. Not the same after
  /// adopt() and renew().
  int crash_mark_fd() const noexcept;
  /// The packet that is worked on alone from now on, so that a crash is put down to it; empty: none.
  void note_alone(const std::string& packet) noexcept;

 private:
  bool is_packet(const std::string& name);
  void mark_odd(const std::string& name, const std::string& reason);
  void set_aside(const std::string& name);
  std::optional<Claim> try_claim(const std::string& name);
  std::optional<Claim> adopt_one(const ClaimName& name);

  std::string dir_path_;
  std::string out_path_;
  std::shared_ptr<QueueCore> core_;
  PacketIndex index_;
  std::map<std::string, std::string> odd_;  ///< name, reason
  std::vector<OddEntry> new_odd_;
};

}  // namespace ejf::spool
