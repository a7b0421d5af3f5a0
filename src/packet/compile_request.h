// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/uuid.h"
#include "packet/versions.h"

namespace ejf::packet {

/// What ej-contests asks for, whatever its version. The names are ejudge's; a field that the packet's version lacks has
/// the default given here. Layouts and checks stand in the table of compile_request.cc.
struct CompileRequest {
  std::int32_t version = k_newest_version;

  std::int32_t judge_id = 0;    ///< serial number of this judgement, 16 bits
  std::int32_t contest_id = 0;  ///< 0: a control packet
  std::int32_t run_id = 0;      ///< 0 for a submit
  std::int32_t lang_id = 0;     ///< in a control packet the command
  std::int32_t locale_id = 0;
  std::int32_t output_only = 0;  ///< 1: the source is the answer, nothing to compile
  std::int64_t submit_id = 0;

  // Limits in bytes; 0 or less is "not set".
  std::int64_t max_vm_size = -1;
  std::int64_t max_stack_size = -1;
  std::int64_t max_file_size = -1;
  std::int64_t max_rss_size = 0;

  std::int32_t style_check_only = 0;
  std::int32_t ts1 = 0;     ///< when it was queued, seconds
  std::int32_t ts1_us = 0;  ///< 0..999999
  std::int32_t use_uuid = 1;
  std::int32_t use_container = 0;
  std::int32_t vcs_mode = 0;
  std::int32_t not_ok_is_cf = 0;
  std::int32_t preserve_numbers = 0;
  std::int32_t enable_remote_cache = 0;
  std::int32_t enable_run_props = 0;
  std::int32_t enable_network = -1;  ///< -1: as the language says
  Uuid uuid;                         ///< of the run; empty for a submit
  Uuid judge_uuid;                   ///< of this judgement
  std::int32_t multi_header = 0;
  std::int32_t lang_header = 0;
  std::int32_t user_id = 0;

  std::string style_checker;
  std::string src_sfx;
  std::string run_block;  ///< opaque, echoed byte for byte
  std::string lang_short_name;
  std::string header_pat;
  std::string footer_pat;
  std::string header_dir;
  std::string compiler_env_pat;
  std::string user_login;
  std::string exam_cypher;
  std::string contest_server_id;
  std::string container_options;
  std::string vcs_compile_cmd;
  std::string compile_cmd;
  std::string extra_src_dir;
  std::vector<std::string> env;     ///< for the compiler
  std::vector<std::string> sc_env;  ///< for the style checker

  friend bool operator==(const CompileRequest&, const CompileRequest&) = default;
};

/// Why bytes are not a packet.
struct DecodeError {
  enum class Kind {
    not_a_packet,     ///< the frame is wrong: size, packet_len, room for the header
    unknown_version,  ///< no release of ejudge wrote it
    bad_field,
  };
  Kind kind = Kind::not_a_packet;
  std::string message;       ///< one line: field, offset, value, what is allowed
  std::int32_t version = 0;  ///< as it stands in the packet; 0 if there is none
  /// Whom to answer, if that much can be read of a request: version, judge_id, contest_id, run_id, submit_id, ts1,
  /// ts1_us (forced into its range), use_uuid, uuid, judge_uuid, run_block, src_sfx, contest_server_id. All else is
  /// default. Present exactly when all of these lie inside the packet and a reply made from them can be encoded.
  std::optional<CompileRequest> who;
};

struct EncodeError {
  std::string message;  ///< one line: field, value, what is allowed
};

/// Any released version. `packet` is a whole file.
Result<CompileRequest, DecodeError> decode_request(std::string_view packet);

/// In the layout of `request.version`, whose missing fields are left out. Refuses what a reader would refuse.
Result<std::string, EncodeError> encode_request(const CompileRequest& request);

}  // namespace ejf::packet
