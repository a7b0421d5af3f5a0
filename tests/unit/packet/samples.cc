// SPDX-License-Identifier: Apache-2.0
#include "samples.h"

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "base/files.h"

namespace ejf::packet {

namespace {

constexpr std::size_t k_sample_limit = 1 << 20;

std::int32_t pick(std::mt19937_64& random, std::int32_t low, std::int32_t high) {
  return std::uniform_int_distribution<std::int32_t>(low, high)(random);
}

std::int32_t any_i32(std::mt19937_64& random) {
  return pick(random, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max());
}

std::int64_t any_i64(std::mt19937_64& random) {
  return static_cast<std::int64_t>(random());
}

/// Any bytes, often none, often around the edge of a block.
std::string any_bytes(std::mt19937_64& random, std::int32_t longest) {
  std::string text(static_cast<std::size_t>(pick(random, 0, 3) == 0 ? 0 : pick(random, 0, longest)), '\0');
  for (char& c : text) c = static_cast<char>(pick(random, -128, 127));
  return text;
}

Uuid any_uuid(std::mt19937_64& random) {
  Uuid uuid;
  for (auto& byte : uuid.bytes) byte = static_cast<std::uint8_t>(pick(random, 0, 255));
  return uuid;
}

std::vector<std::string> any_list(std::mt19937_64& random) {
  std::vector<std::string> list(static_cast<std::size_t>(pick(random, 0, 9)));
  for (auto& text : list) text = any_bytes(random, 40);
  return list;
}

void fill_numbers(CompileRequest& r, std::mt19937_64& random) {
  r.judge_id = pick(random, 0, 65535);
  r.contest_id = pick(random, 0, 999999);
  r.run_id = pick(random, 0, 999999);
  r.lang_id = r.contest_id > 0 ? pick(random, 0, std::numeric_limits<std::int32_t>::max()) : any_i32(random);
  r.locale_id = pick(random, 0, 127);
  r.output_only = pick(random, 0, 1);
  r.max_vm_size = any_i64(random);
  r.max_stack_size = any_i64(random);
  r.max_file_size = any_i64(random);
  r.style_check_only = pick(random, 0, 1);
  r.ts1 = any_i32(random);
  r.ts1_us = pick(random, 0, 999999);
  r.use_uuid = any_i32(random);
  r.uuid = any_uuid(random);
  r.multi_header = pick(random, 0, 1);
  r.lang_header = pick(random, 0, 1);
  r.user_id = any_i32(random);
}

void fill_texts(CompileRequest& r, std::mt19937_64& random) {
  for (auto* text : {&r.style_checker, &r.src_sfx, &r.run_block, &r.lang_short_name, &r.header_pat, &r.footer_pat,
                     &r.header_dir, &r.compiler_env_pat, &r.user_login, &r.exam_cypher}) {
    *text = any_bytes(random, 50);
  }
  r.env = any_list(random);
  r.sc_env = any_list(random);
}

/// What came after version 6, in the order of the releases.
void fill_newer_fields(CompileRequest& r, std::mt19937_64& random) {
  if (r.version >= 7) r.contest_server_id = any_bytes(random, 50);
  if (r.version >= 8) {
    r.max_rss_size = any_i64(random);
    r.use_container = any_i32(random);
    r.container_options = any_bytes(random, 50);
  }
  if (r.version >= 11) {
    r.submit_id = any_i64(random);
    r.vcs_mode = any_i32(random);
    r.judge_uuid = any_uuid(random);
    r.vcs_compile_cmd = any_bytes(random, 50);
  }
  if (r.version >= 12) r.not_ok_is_cf = any_i32(random);
  if (r.version >= 13) r.compile_cmd = any_bytes(random, 50);
  if (r.version >= 14) r.extra_src_dir = any_bytes(random, 50);
  if (r.version >= 16) {
    r.preserve_numbers = any_i32(random);
    r.enable_remote_cache = any_i32(random);
  }
  if (r.version >= 18) {
    r.enable_run_props = any_i32(random);
    r.enable_network = any_i32(random);
  }
}

}  // namespace

std::string read_sample(const std::string& name) {
  return read_file(EJF_TEST_DATA "/packets/" + name, k_sample_limit);
}

std::vector<std::string> sample_cases() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(EJF_TEST_DATA "/packets")) {
    if (entry.is_directory()) names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

namespace {

Uuid counting_uuid(std::uint8_t first) {
  Uuid uuid;
  for (auto& byte : uuid.bytes) byte = first++;
  return uuid;
}

}  // namespace

CompileRequest documented_request() {
  CompileRequest request;
  request.version = 18;
  request.judge_id = 7;
  request.contest_id = 1;
  request.run_id = 5;
  request.lang_id = 3;
  request.ts1 = 1700000000;
  request.ts1_us = 123456;
  request.use_uuid = 1;
  request.uuid = counting_uuid(0x10);
  request.judge_uuid = counting_uuid(0xa0);
  request.src_sfx = ".cpp";
  request.run_block = std::string(24, '\0');
  request.run_block[8] = 1;
  request.user_id = 1;
  request.user_login = "ivan";
  request.contest_server_id = "vm";
  request.env = {"EJUDGE_FLAGS=-O2", "A=b"};
  return request;
}

CompileReply documented_reply() {
  CompileReply reply = make_reply(documented_request());
  reply.status = RunStatus::ok;
  reply.ts2 = 1700000001;
  reply.ts2_us = 1;
  reply.ts3 = 1700000002;
  reply.ts3_us = 2;
  return reply;
}

CompileRequest random_request(std::int32_t version, std::mt19937_64& random) {
  CompileRequest request;
  request.version = version;
  fill_numbers(request, random);
  fill_texts(request, random);
  fill_newer_fields(request, random);
  return request;
}

CompileReply random_reply(std::int32_t request_version, std::mt19937_64& random) {
  constexpr RunStatus k_statuses[] = {RunStatus::ok, RunStatus::compile_error, RunStatus::check_failed,
                                      RunStatus::style_error};
  CompileReply r;
  r.judge_id = pick(random, 0, 65535);
  r.contest_id = pick(random, 1, 999999);
  r.run_id = pick(random, 0, 999999);
  r.status = k_statuses[pick(random, 0, 3)];
  r.ts1 = any_i32(random);
  r.ts1_us = pick(random, 0, 999999);
  r.ts2 = any_i32(random);
  r.ts2_us = pick(random, 0, 999999);
  r.ts3 = any_i32(random);
  r.ts3_us = pick(random, 0, 999999);
  r.use_uuid = pick(random, 0, 1);
  r.zip_mode = pick(random, 0, 1);
  r.uuid = any_uuid(random);
  r.run_block = any_bytes(random, 50);
  if (request_version >= 11) {
    r.submit_id = any_i64(random);
    r.judge_uuid = any_uuid(random);
  }
  if (request_version >= 16) {
    r.prepended_size = any_i32(random);
    r.cached_on_remote = pick(random, 0, 1);
  }
  if (request_version >= 18) {
    r.has_run_props = pick(random, 0, 1);
    r.prop_sfx = std::string(static_cast<std::size_t>(pick(random, 0, 16)), 'x');
  }
  return r;
}

void put_i32(std::string& packet, std::size_t offset, std::int32_t value) {
  packet.replace(offset, sizeof value, reinterpret_cast<const char*>(&value), sizeof value);
}

void put_size(std::string& packet) {
  put_i32(packet, 0, static_cast<std::int32_t>(packet.size()));
}

ExactCopy::ExactCopy(std::string_view data) : data_(new char[data.size()]), size_(data.size()) {
  std::memcpy(data_.get(), data.data(), data.size());
}

}  // namespace ejf::packet
