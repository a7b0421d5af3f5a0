// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

#include <bit>
#include <cstring>

#include "base/error.h"

namespace ejf {

static_assert(std::endian::native == std::endian::little, "packets are little-endian and are loaded by memcpy");

namespace {

template <typename T>
T load(const char* from) noexcept {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <typename T>
std::string_view as_bytes(const T& value) noexcept {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

}  // namespace

std::int32_t load_i32(const char* from) noexcept {
  return load<std::int32_t>(from);
}
std::int64_t load_i64(const char* from) noexcept {
  return load<std::int64_t>(from);
}

std::optional<std::string_view> ByteReader::take(std::size_t n) noexcept {
  if (n > left()) return {};
  auto view = data_.substr(position_, n);
  position_ += n;
  return view;
}

std::optional<std::int32_t> ByteReader::i32() noexcept {
  auto view = take(sizeof(std::int32_t));
  if (!view) return {};
  return load_i32(view->data());
}

std::optional<std::int64_t> ByteReader::i64() noexcept {
  auto view = take(sizeof(std::int64_t));
  if (!view) return {};
  return load_i64(view->data());
}

bool ByteReader::align(std::size_t alignment) noexcept {
  return take(align_up(position_, alignment) - position_).has_value();
}

void ByteWriter::i32(std::int32_t value) {
  data_.append(as_bytes(value));
}
void ByteWriter::i64(std::int64_t value) {
  data_.append(as_bytes(value));
}

void ByteWriter::patch_i32(std::size_t offset, std::int32_t value) {
  EJF_CHECK(offset + sizeof value <= data_.size());
  data_.replace(offset, sizeof value, as_bytes(value));
}

std::string to_hex(std::string_view data) {
  static constexpr char k_digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(data.size() * 2);
  for (char c : data) {
    auto byte = static_cast<unsigned char>(c);
    text.push_back(k_digits[byte >> 4]);
    text.push_back(k_digits[byte & 15]);
  }
  return text;
}

}  // namespace ejf
