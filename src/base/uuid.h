// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ejf {

/// 16 bytes in RFC 4122 memory order, as packets carry them. All zero means "none".
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  bool is_empty() const noexcept;
  /// Lower-case 8-4-4-4-12.
  std::string text() const;
  std::string_view view() const noexcept;

  static Uuid random();
  /// `raw` must have 16 bytes.
  static Uuid from_bytes(std::string_view raw);
  static std::optional<Uuid> parse(std::string_view text);

  friend bool operator==(const Uuid&, const Uuid&) = default;
};

/// Random 64 bits from the kernel.
std::uint64_t random_u64();

}  // namespace ejf
