// SPDX-License-Identifier: Apache-2.0
#include "packet/names.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"

namespace ejf::packet {

namespace {

constexpr std::string_view k_digits = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
constexpr int k_bits_per_digit = 5;
constexpr int k_priority_bias = 16;

/// The lowest `digits` * 5 bits, most significant digit first; above 64 bits there are zeros.
void append_base32(std::string& text, std::uint64_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i) text.push_back(k_digits[value >> (i * k_bits_per_digit) & 31]);
}

}  // namespace

std::string run_name(const CompileRequest& request) {
  if (request.use_uuid > 0 && !request.judge_uuid.is_empty()) return request.judge_uuid.text();
  // Without any UUID the zeros of an empty one would be a name that several runs share.
  if (request.use_uuid > 0 && !request.uuid.is_empty()) return request.uuid.text();
  return fmt::format("{:06}", request.run_id);
}

std::string packet_name(int priority, std::int64_t seconds, std::int32_t microseconds, const Uuid& judge_uuid) {
  std::string name;
  const int biased = std::clamp(priority, -k_priority_bias, k_priority_bias - 1) + k_priority_bias;
  append_base32(name, static_cast<std::uint64_t>(biased), 1);
  const auto fraction = static_cast<std::uint64_t>(microseconds >> 12 & 0xff);  // 1/244 s
  append_base32(name, (static_cast<std::uint64_t>(seconds) << 8) + fraction, 8);
  const char* raw = judge_uuid.view().data();
  append_base32(name, static_cast<std::uint64_t>(load_i64(raw + 8)), 13);
  append_base32(name, static_cast<std::uint64_t>(load_i64(raw)), 13);
  return name;
}

}  // namespace ejf::packet
