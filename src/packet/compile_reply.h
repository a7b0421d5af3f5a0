// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "packet/compile_request.h"

namespace ejf::packet {

/// The results that a compile server may give; the numbers are ejudge's.
enum class RunStatus : std::int32_t { ok = 0, compile_error = 1, check_failed = 6, style_error = 14 };

bool is_run_status(std::int64_t number) noexcept;
/// "OK", "compile error", "check failed", "style error".
std::string_view status_name(RunStatus status) noexcept;

/// The answer. Layouts and checks stand in the table of compile_reply.cc.
struct CompileReply {
  std::int32_t judge_id = 0;
  std::int32_t contest_id = 0;
  std::int32_t run_id = 0;
  RunStatus status = RunStatus::check_failed;  ///< a reply that nobody filled in must not look like success
  std::int64_t submit_id = 0;
  std::int32_t ts1 = 0;  ///< queued; seconds, and *_us is 0..999999
  std::int32_t ts1_us = 0;
  std::int32_t ts2 = 0;  ///< picked up
  std::int32_t ts2_us = 0;
  std::int32_t ts3 = 0;  ///< finished
  std::int32_t ts3_us = 0;
  std::int32_t use_uuid = 1;
  std::int32_t prepended_size = 0;    ///< bytes that the compiler put before the source
  std::int32_t cached_on_remote = 0;  ///< 1: the executable lies in the cache of the compile host
  std::int32_t has_run_props = 0;     ///< 1: a file of run properties was delivered
  std::int32_t zip_mode = 0;          ///< 1: the executable is an archive of executables
  Uuid uuid;
  Uuid judge_uuid;
  std::string prop_sfx;  ///< at most 16 bytes
  std::string run_block;

  friend bool operator==(const CompileReply&, const CompileReply&) = default;
};

/// Everything that a reply echoes; the rest is for the caller.
CompileReply make_reply(const CompileRequest& request);

/// The layout for a known request version (see find_request_version); any other is a bug of the caller.
ReplyLayout reply_layout(std::int32_t request_version);

/// Fields that the layout lacks are left out. Refuses what ej-contests would refuse.
Result<std::string, EncodeError> encode_reply(const CompileReply& reply, std::int32_t request_version);

Result<CompileReply, DecodeError> decode_reply(std::string_view packet, ReplyLayout layout);

/// For people who have nothing but a file: the layouts, newest first, that explain every byte of it.
std::vector<ReplyLayout> plausible_layouts(std::string_view packet);

}  // namespace ejf::packet
