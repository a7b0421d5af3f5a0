// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.h"
#include "spool/claim_name.h"

namespace ejf::spool {

struct QueueCore;

/// The largest packet that read() gives whole; of a larger one it gives one byte more.
inline constexpr std::size_t k_max_packet_size = 65536;

/// A request that is ours: the packet lies in queue/out under a name that tells so, and everybody else keeps off. Its
/// source stays in src until finish(). The delivery in order: reply staged (ReplySide), begin_delivery(), reply
/// published, all of it on disk (FileSystems), finish().
///
/// Goes back to the queue with its owner unless it was finished or rejected; but not once delivery has begun, since
/// then the reply may be in place: such a claim stays for RequestQueue::adopt(), in this process or the next one.
/// What fails throws SysError and leaves the claim as it is. An empty claim (moved from, settled, lost) has no
/// operations but packet_name(). For the thread of its queue.
class Claim {
 public:
  Claim(Claim&& other) noexcept;
  Claim& operator=(Claim&& other) noexcept;
  ~Claim();

  explicit operator bool() const noexcept { return core_ != nullptr; }
  const std::string& packet_name() const noexcept { return name_.packet; }
  /// How many servers crashed while they had it, as far as that is known.
  int crashes() const noexcept { return name_.crashes; }
  /// Or beyond that.
  bool is_delivering() const noexcept { return name_.state != ClaimState::claimed; }

  /// The packet's bytes, of a regular file; at most k_max_packet_size + 1 of them. Throws Error.
  std::string read() const;
  /// src/<packet name><suffix>, a regular file, opened without following a link. Empty when there is none. Throws Error
  /// when the suffix is not plain (is_plain_suffix) or the file is no file.
  std::optional<UniqueFd> open_source(std::string_view suffix) const;

  /// From here on nobody works on this request again. False when the claim is lost: it is empty then, and the reply
  /// must not be published, since somebody took us for dead and answers, unless was_removed().
  [[nodiscard]] bool begin_delivery();
  /// Of a claim that was lost: with the whole directory, so that nobody else has it, and only we can answer.
  bool was_removed() const noexcept { return was_removed_; }
  /// When the answer needs neither claim nor source any more: removes the source, then the claim, which is empty then,
  /// and says so before, since without its source nobody could work on the request again. False when the source could
  /// not be removed and stays behind: that alone must not keep an answered request alive. A suffix that is not plain
  /// names no source. Packet and source of a request that was given up (k_given_up_after) are kept in queue/rejected
  /// instead.
  bool finish(std::string_view suffix);
  /// When the answer may not have reached the disk although that was waited for: not delivered after all, so that it is
  /// worked on again. False when the claim is lost, and empty.
  bool doubt() { return enter(ClaimState::claimed); }
  /// Back into queue/dir; not once delivery has begun. A packet of the same name that came meanwhile replaces this one,
  /// as if it had not been taken.
  void give_back();
  /// Keeps packet and source in queue/rejected, with the reason. Nothing happens when the claim is lost.
  void reject(std::string_view reason, std::string_view suffix);
  /// Leaves all as it is: whoever adopts it goes on (before the server executes itself anew; as after a crash).
  void abandon() noexcept { release(); }

 private:
  friend class RequestQueue;
  Claim(std::shared_ptr<QueueCore> core, ClaimName name);
  bool enter(ClaimState state);
  void release() noexcept;

  std::shared_ptr<QueueCore> core_;
  ClaimName name_;
  bool was_removed_ = false;
};

}  // namespace ejf::spool
