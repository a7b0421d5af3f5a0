// SPDX-License-Identifier: Apache-2.0
#include "packet/compile_reply.h"

#include <fmt/format.h>

#include <array>

#include "base/error.h"
#include "packet/codec.h"

namespace ejf::packet {

namespace {

using R = CompileReply;
using F = Field<R>;

constexpr std::int32_t k_version_field = 1;  // in every release, whatever the layout
constexpr std::size_t k_prop_sfx_size = 16;

// Fields in the order of their slots. Versions are those of the request.
//   layout            R80  R112A  R112B  R128
//   judge_id            8      8      8     8
//   submit_id           -     24     24    24
//   ts1                24     32     32    32
//   run_block_len      48     56     56    56
//   use_uuid           52     60     60    60
//   prepended_size      -      -     64    64
//   has_run_props       -      -      -    72
//   zip_mode           72     96    104    76    moved before the UUIDs in R128
//   uuid               56     64     72    80
//   judge_uuid          -     80     88    96
//   prop_sfx            -      -      -   112
//   header size        80    112    112   128
constexpr std::array k_fields{
    F("judge_id", &R::judge_id).within(0, k_max_judge_id),
    F("contest_id", &R::contest_id).within(1, k_max_contest_id),
    F("run_id", &R::run_id).within(0, k_max_run_id),
    F("status", &R::status),
    F("submit_id", &R::submit_id).since(11),
    F("ts1", &R::ts1).shown_as(Show::time),
    F("ts1_us", &R::ts1_us).within(0, k_max_usec),
    F("ts2", &R::ts2).shown_as(Show::time),
    F("ts2_us", &R::ts2_us).within(0, k_max_usec),
    F("ts3", &R::ts3).shown_as(Show::time),
    F("ts3_us", &R::ts3_us).within(0, k_max_usec),
    F("run_block", &R::run_block).within(0, k_max_run_block_size).shown_as(Show::hex),
    F("use_uuid", &R::use_uuid),
    F("prepended_size", &R::prepended_size).since(16),
    F("cached_on_remote", &R::cached_on_remote).since(16),
    F("has_run_props", &R::has_run_props).since(18),
    F("zip_mode", &R::zip_mode).since(18),
    F("uuid", &R::uuid),
    F("judge_uuid", &R::judge_uuid).since(11),
    F("zip_mode", &R::zip_mode).until(16),
    F("prop_sfx", &R::prop_sfx).in_header(k_prop_sfx_size).since(18),
};

constexpr Layouts<R> k_layouts = lay_out(k_fields);
static_assert(k_layouts.front().header_size == 80 && k_layouts.back().header_size == 128);

bool is_flag(std::int32_t value) {
  return value == 0 || value == 1;
}

}  // namespace

template <>
const Layouts<CompileReply>& layouts_of() {
  return k_layouts;
}

bool is_run_status(std::int64_t number) noexcept {
  return number == 0 || number == 1 || number == 6 || number == 14;
}

std::string_view status_name(RunStatus status) noexcept {
  switch (status) {
    case RunStatus::ok:
      return "OK";
    case RunStatus::compile_error:
      return "compile error";
    case RunStatus::check_failed:
      return "check failed";
    case RunStatus::style_error:
      return "style error";
  }
  return "unknown status";
}

CompileReply make_reply(const CompileRequest& request) {
  CompileReply reply;
  reply.judge_id = request.judge_id;
  reply.contest_id = request.contest_id;
  reply.run_id = request.run_id;
  reply.submit_id = request.submit_id;
  reply.ts1 = request.ts1;
  reply.ts1_us = request.ts1_us;
  reply.use_uuid = request.use_uuid;
  reply.uuid = request.uuid;
  reply.judge_uuid = request.judge_uuid;
  reply.run_block = request.run_block;
  return reply;
}

ReplyLayout reply_layout(std::int32_t request_version) {
  const RequestVersion* version = find_request_version(request_version);
  EJF_CHECK(version != nullptr);
  return version->reply;
}

Result<std::string, EncodeError> encode_reply(const CompileReply& reply, std::int32_t request_version) {
  const Layout<R>* layout = find_layout<R>(request_version);
  if (layout == nullptr) {
    return fail(EncodeError{fmt::format("no reply is known for a request of version {}", request_version)});
  }
  auto packet = write_packet(reply, *layout, k_version_field);
  if (!packet) return fail(EncodeError{std::move(packet.error().message)});
  return *std::move(packet);
}

Result<CompileReply, DecodeError> decode_reply(std::string_view packet, ReplyLayout layout_name) {
  using Kind = DecodeError::Kind;
  auto frame = check_frame(packet);
  const std::int32_t version = packet.size() < k_prefix_size ? 0 : load_i32(packet.data() + k_version_offset);
  auto refuse = [&](Kind kind, std::string message) {
    return fail(DecodeError{kind, std::move(message), version, {}});
  };
  if (frame) return refuse(Kind::not_a_packet, std::move(frame->message));
  if (version != k_version_field) {
    return refuse(Kind::unknown_version,
                  fmt::format("version (offset {}) is {}, allowed: {}", k_version_offset, version, k_version_field));
  }
  const Layout<R>* layout = find_layout<R>(static_cast<std::int32_t>(layout_name));
  EJF_CHECK(layout != nullptr);
  if (packet.size() < layout->header_size) {
    return refuse(Kind::not_a_packet, fmt::format("packet_len (offset 0) is {}, but the header has {} bytes",
                                                  packet.size(), layout->header_size));
  }
  auto reply = read_packet(packet, *layout);
  if (!reply) return refuse(Kind::bad_field, std::move(reply.error().message));
  return *std::move(reply);
}

std::vector<ReplyLayout> plausible_layouts(std::string_view packet) {
  std::vector<ReplyLayout> layouts;
  for (auto layout : {ReplyLayout::r128, ReplyLayout::r112b, ReplyLayout::r112a, ReplyLayout::r80}) {
    auto reply = decode_reply(packet, layout);
    if (!reply) continue;
    // Read with a wrong layout, half a UUID stands where a flag or zeros should be.
    const bool has_good_flags = is_flag(reply->use_uuid) && is_flag(reply->cached_on_remote) &&
                                is_flag(reply->has_run_props) && is_flag(reply->zip_mode);
    auto again = encode_reply(*reply, static_cast<std::int32_t>(layout));
    if (has_good_flags && again && *again == packet) layouts.push_back(layout);
  }
  return layouts;
}

}  // namespace ejf::packet
