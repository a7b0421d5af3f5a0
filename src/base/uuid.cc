// SPDX-License-Identifier: Apache-2.0
#include "base/uuid.h"

#include <sys/random.h>

#include <algorithm>
#include <cstring>

#include "base/bytes.h"
#include "base/error.h"

namespace ejf {

namespace {

void fill_random(void* into, std::size_t n) {
  // Up to 256 bytes getrandom neither blocks for long nor returns less than asked (getrandom(2)).
  if (::getrandom(into, n, 0) != static_cast<ssize_t>(n)) throw SysError("getrandom", "");
}

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

bool Uuid::is_empty() const noexcept {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

std::string_view Uuid::view() const noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string Uuid::text() const {
  std::string text = to_hex(view());
  for (std::size_t position : {8U, 13U, 18U, 23U}) text.insert(position, 1, '-');
  return text;
}

Uuid Uuid::random() {
  Uuid uuid;
  fill_random(uuid.bytes.data(), uuid.bytes.size());
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0f) | 0x40);  // version 4
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3f) | 0x80);  // RFC 4122 variant
  return uuid;
}

Uuid Uuid::from_bytes(std::string_view raw) {
  Uuid uuid;
  EJF_CHECK(raw.size() == uuid.bytes.size());
  std::memcpy(uuid.bytes.data(), raw.data(), raw.size());
  return uuid;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  Uuid uuid;
  if (text.size() != 36) return {};
  std::size_t nibble = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-') return {};
      continue;
    }
    int digit = hex_digit(text[i]);
    if (digit < 0) return {};
    auto& byte = uuid.bytes[nibble / 2];
    byte = static_cast<std::uint8_t>(byte << 4 | digit);
    ++nibble;
  }
  return uuid;
}

std::uint64_t random_u64() {
  std::uint64_t value = 0;
  fill_random(&value, sizeof value);
  return value;
}

}  // namespace ejf
