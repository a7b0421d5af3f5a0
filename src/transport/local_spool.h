// SPDX-License-Identifier: Apache-2.0
// The spool directory as a transport: claimed requests come out, replies go in. Knows both of ejudge's layouts and
// where each request version expects its answer (protocol.md §3.4, §3.5, §2).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "packet/compile_request.h"
#include "spool/claim.h"
#include "spool/reply_side.h"
#include "spool/request_queue.h"

namespace ejf::transport {

struct SpoolPlace {
  std::string spool_dir;           ///< <SPOOL>; empty selects the legacy layout
  std::string queue_id;            ///< our own id, also that of replies to requests that name none
  std::string legacy_compile_dir;  ///< <root_dir>/var/compile

  /// What holds `queue` and `src`: <SPOOL>/<queue_id>, or the legacy compile directory.
  std::string base() const;
};

/// What goes to the report directory and the reply for one request.
struct Delivery {
  std::string reply;    ///< encoded in the layout of the request's version
  std::string log;      ///< <run_name>.txt
  int executable = -1;  ///< read from its start; -1: none
  std::uint64_t executable_size = 0;
  bool log_as_executable = false;
  int properties = -1;  ///< <run_name>.json, read from its start; -1: none
  std::string exe_sfx;
};

class LocalSpool {
 public:
  /// Makes the directories that are missing. Throws SysError.
  explicit LocalSpool(SpoolPlace place);

  /// For as long as follow() does not make another one.
  spool::RequestQueue& queue() noexcept { return *queue_; }
  /// When the queue's directories were removed or replaced: opens, or makes, those that have their names now. True when
  /// that was so; then the old watch is of no use. Claims in hand stay with the old directories. Throws SysError.
  bool follow();
  /// The directory that new requests are renamed into, for a DirectoryWatch.
  std::string watched_directory() const;
  /// Where locks and other files of the queue's servers live: <...>/queue.
  std::string queue_directory() const;
  /// Makes the directories too that are otherwise made when they are needed first. Throws SysError.
  void make_all_directories() const;
  /// Where heartbeats go: <...>/heartbeat; empty in the legacy layout, which has no place for them.
  std::string heartbeat_directory() const;
  /// Writes compile.cfg for the contests to import; nothing in the legacy layout, which has no place for it.
  void export_configuration(const std::string& text);
  /// Writes it again if somebody removed it. Throws SysError.
  void restore_export();

  /// Delivery has two parts, in the order of the architecture. If one throws, the claim is still ours, and both may be
  /// done again. The first writes report files and may run on another thread; the second makes the answer visible. The
  /// claim has to be kept until the answer is on disk too.
  static void put_reports(spool::ReplySide& side, const packet::CompileRequest& request, const Delivery& delivery);
  void publish(spool::Claim& claim, const packet::CompileRequest& request, const Delivery& delivery);
  /// Where the answer to this request goes; made if missing.
  std::shared_ptr<spool::ReplySide> reply_side(const packet::CompileRequest& request);

  /// For an adopted claim in the delivering state: publishes the reply if it still lies in status/in.
  void finish_delivery(const spool::Claim& claim, const packet::CompileRequest& request);

  /// Sentence that says why an answer to this request has no safe place; empty if it has one.
  static std::string why_undeliverable(const packet::CompileRequest& request);

  /// The suffix of the source of a packet that could not be decoded, found by looking through src; empty: no source.
  /// Only one that begins with a dot, as all of ejudge's do: a packet's name may be the beginning of another's.
  std::string find_source_suffix(const std::string& packet_name) const;

 private:
  void open_queue();
  std::string reply_base(const packet::CompileRequest& request) const;

  SpoolPlace place_;
  std::unique_ptr<spool::RequestQueue> queue_;
  std::string exported_;
  std::map<std::string, std::shared_ptr<spool::ReplySide>> reply_sides_;
};

}  // namespace ejf::transport
