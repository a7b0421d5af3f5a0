// SPDX-License-Identifier: Apache-2.0
// Opaque bytes are std::string / std::string_view throughout the project. Here: the one bounds-checked reader on
// which everything that comes from outside is built, and its writer. All integers are little-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ejf {

constexpr std::size_t align_up(std::size_t n, std::size_t alignment) {
  return (n + alignment - 1) / alignment * alignment;
}

/// Reads from a view and never beyond it. A read that does not fit returns empty and leaves the position alone.
class ByteReader {
 public:
  explicit ByteReader(std::string_view data) noexcept : data_(data) {}

  /// The only bounds check; every other read goes through it.
  std::optional<std::string_view> take(std::size_t n) noexcept;
  std::optional<std::int32_t> i32() noexcept;
  std::optional<std::int64_t> i64() noexcept;
  /// Moves to the next multiple of `alignment` from the start; false when that is beyond the end.
  bool align(std::size_t alignment) noexcept;

  std::size_t position() const noexcept { return position_; }
  std::size_t left() const noexcept { return data_.size() - position_; }

 private:
  std::string_view data_;
  std::size_t position_ = 0;
};

class ByteWriter {
 public:
  void i32(std::int32_t value);
  void i64(std::int64_t value);
  void bytes(std::string_view value) { data_.append(value); }
  void zeros(std::size_t n) { data_.append(n, '\0'); }
  void align(std::size_t alignment) { data_.resize(align_up(data_.size(), alignment)); }
  /// Overwrites four bytes that were written before.
  void patch_i32(std::size_t offset, std::int32_t value);

  std::size_t size() const noexcept { return data_.size(); }
  const std::string& data() const& noexcept { return data_; }
  std::string take() && noexcept { return std::move(data_); }

 private:
  std::string data_;
};

/// Little-endian loads and stores at a place that the caller knows to be there.
std::int32_t load_i32(const char* from) noexcept;
std::int64_t load_i64(const char* from) noexcept;

/// Lower-case hex of every byte.
std::string to_hex(std::string_view data);

}  // namespace ejf
