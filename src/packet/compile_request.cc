// SPDX-License-Identifier: Apache-2.0
#include "packet/compile_request.h"

#include <fmt/format.h>

#include <algorithm>

#include "packet/codec.h"
#include "packet/compile_reply.h"

namespace ejf::packet {

namespace {

using R = CompileRequest;
using F = Field<R>;

constexpr std::int64_t k_max_locale_id = 127;
// Two generations of ejudge's reader: one accepts a length of PATH_MAX, the other must be below it.
constexpr std::int64_t k_old_text = 4096;
constexpr std::int64_t k_new_text = 4095;
constexpr std::int64_t k_max_strings = 65536;

constexpr bool is_not_control(const R& request) {
  return request.contest_id > 0;
}

// Fields in the order of their slots. Offsets of the first slots of a version's own, the others follow:
//   version               6    7    8   11   12   13   14   16   18
//   judge_id              8    8    8    8    8    8    8    8    8
//   submit_id             -    -    -   32   32   32   32   32   32
//   max_vm_size          32   32   32   40   40   40   40   40   40
//   style_check_only     56   56   64   72   72   72   72   72   72
//   use_uuid             88   88   96  104  104  104  104  104  104
//   uuid                 92   92  104  116  120  120  120  128  136
//   multi_header        108  108  120  148  152  152  152  160  168
//   lang_short_name_len 120  120  132  160  164  164  164  172  180
//   exam_cypher_len     144  144  156  184  188  188  188  196  204
//   header size         160  160  176  208  208  208  224  224  240
constexpr std::array k_fields{
    F("judge_id", &R::judge_id).within(0, k_max_judge_id),
    F("contest_id", &R::contest_id).within(0, k_max_contest_id),
    F("run_id", &R::run_id).within(0, k_max_run_id),
    F("lang_id", &R::lang_id).within(0, std::numeric_limits<std::int32_t>::max()).checked_if(is_not_control),
    F("locale_id", &R::locale_id).within(0, k_max_locale_id),
    F("output_only", &R::output_only).within(0, 1),
    F("submit_id", &R::submit_id).since(11),
    F("max_vm_size", &R::max_vm_size).shown_as(Show::size),
    F("max_stack_size", &R::max_stack_size).shown_as(Show::size),
    F("max_file_size", &R::max_file_size).shown_as(Show::size),
    F("max_rss_size", &R::max_rss_size).since(8).shown_as(Show::size),
    F("style_check_only", &R::style_check_only).within(0, 1),
    F("ts1", &R::ts1).shown_as(Show::time),
    F("ts1_us", &R::ts1_us).within(0, k_max_usec),
    F("style_checker", &R::style_checker).within(0, k_old_text),
    F("src_sfx", &R::src_sfx).within(0, k_old_text),
    F("run_block", &R::run_block).within(0, k_max_run_block_size).shown_as(Show::hex),
    F("env", &R::env).within(0, k_max_strings),
    F("sc_env", &R::sc_env).within(0, k_max_strings),
    F("use_uuid", &R::use_uuid),
    F("use_container", &R::use_container).since(8),
    F("vcs_mode", &R::vcs_mode).since(11),
    F("not_ok_is_cf", &R::not_ok_is_cf).since(12),
    F("preserve_numbers", &R::preserve_numbers).since(16),
    F("enable_remote_cache", &R::enable_remote_cache).since(16),
    F("enable_run_props", &R::enable_run_props).since(18),
    F("enable_network", &R::enable_network).since(18),
    F("uuid", &R::uuid),
    F("judge_uuid", &R::judge_uuid).since(11),
    F("multi_header", &R::multi_header).within(0, 1),
    F("lang_header", &R::lang_header).within(0, 1),
    F("user_id", &R::user_id),
    F("lang_short_name", &R::lang_short_name).within(0, k_old_text),
    F("header_pat", &R::header_pat).within(0, k_old_text),
    F("footer_pat", &R::footer_pat).within(0, k_old_text),
    F("header_dir", &R::header_dir).within(0, k_old_text),
    F("compiler_env_pat", &R::compiler_env_pat).within(0, k_old_text),
    F("user_login", &R::user_login).within(0, k_new_text),
    F("exam_cypher", &R::exam_cypher).within(0, k_new_text),
    F("contest_server_id", &R::contest_server_id).within(0, k_new_text).since(7),
    F("container_options", &R::container_options).within(0, k_new_text).since(8),
    F("vcs_compile_cmd", &R::vcs_compile_cmd).within(0, k_new_text).since(11),
    F("compile_cmd", &R::compile_cmd).within(0, k_new_text).since(13),
    F("extra_src_dir", &R::extra_src_dir).within(0, k_new_text).since(14),
};

constexpr Layouts<R> k_layouts = lay_out(k_fields);
static_assert(k_layouts.front().header_size == 160 && k_layouts.back().header_size == 240);

/// The texts up to the last one that a reply depends on: the name of the server that waits for it or, in versions
/// without that, the run block.
bool read_texts_for_reply(std::string_view packet, const Layout<R>& layout, R& into) {
  const bool has_server_id = std::any_of(layout.begin(), layout.end(), [](const Slot<R>& slot) {
    return slot.field->outlying_text() == &R::contest_server_id;
  });
  const auto last = has_server_id ? &R::contest_server_id : &R::run_block;
  ByteReader reader = reader_behind_header(packet, layout.header_size);
  for (const auto& slot : layout) {
    if (read_text(slot, packet, reader, into)) return false;
    if (slot.field->outlying_text() == last) return true;
  }
  return false;
}

/// See DecodeError::who. Does not trust packet_len, so that also a packet that was cut off can be answered.
std::optional<CompileRequest> try_identify(std::string_view packet, const Layout<R>& layout) {
  if (packet.size() < layout.header_size) return {};
  R seen;
  for (const auto& slot : layout) load_slot(slot, packet, seen);
  if (!read_texts_for_reply(packet, layout, seen)) return {};
  R who;
  who.version = layout.version;
  who.judge_id = seen.judge_id;
  who.contest_id = seen.contest_id;
  who.run_id = seen.run_id;
  who.submit_id = seen.submit_id;
  who.ts1 = seen.ts1;
  who.ts1_us = std::clamp<std::int32_t>(seen.ts1_us, 0, k_max_usec);
  who.use_uuid = seen.use_uuid;
  who.uuid = seen.uuid;
  who.judge_uuid = seen.judge_uuid;
  who.run_block = std::move(seen.run_block);
  who.src_sfx = std::move(seen.src_sfx);
  who.contest_server_id = std::move(seen.contest_server_id);
  if (!encode_reply(make_reply(who), who.version)) return {};
  return who;
}

std::string unknown_version(std::int32_t version) {
  std::string known;
  for (const auto& each : k_request_versions) known += fmt::format("{}{}", known.empty() ? "" : ", ", each.number);
  return fmt::format("version (offset {}) is {}, known: {}", k_version_offset, version, known);
}

}  // namespace

template <>
const Layouts<CompileRequest>& layouts_of() {
  return k_layouts;
}

Result<CompileRequest, DecodeError> decode_request(std::string_view packet) {
  using Kind = DecodeError::Kind;
  auto frame = check_frame(packet);
  if (packet.size() < k_prefix_size) return fail(DecodeError{Kind::not_a_packet, frame->message, 0, {}});
  const std::int32_t version = load_i32(packet.data() + k_version_offset);
  const Layout<R>* layout = find_layout<R>(version);
  auto refuse = [&](Kind kind, std::string message) {
    auto who = layout == nullptr ? std::nullopt : try_identify(packet, *layout);
    return fail(DecodeError{kind, std::move(message), version, std::move(who)});
  };
  if (frame) return refuse(Kind::not_a_packet, std::move(frame->message));
  if (layout == nullptr) return refuse(Kind::unknown_version, unknown_version(version));
  if (packet.size() < layout->header_size) {
    return refuse(Kind::not_a_packet,
                  fmt::format("packet_len (offset 0) is {}, but a request of version {} has a header of {} bytes",
                              packet.size(), version, layout->header_size));
  }
  auto request = read_packet(packet, *layout);
  if (!request) return refuse(Kind::bad_field, std::move(request.error().message));
  request->version = version;
  return *std::move(request);
}

Result<std::string, EncodeError> encode_request(const CompileRequest& request) {
  const Layout<R>* layout = find_layout<R>(request.version);
  if (layout == nullptr) return fail(EncodeError{unknown_version(request.version)});
  auto packet = write_packet(request, *layout, request.version);
  if (!packet) return fail(EncodeError{std::move(packet.error().message)});
  return *std::move(packet);
}

}  // namespace ejf::packet
