// SPDX-License-Identifier: Apache-2.0
// Which ejudge writes which request version and expects which reply. Versions 9, 10, 15 and 17 were never released.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace ejf::packet {

/// A reply does not tell its layout (its version field is 1 in every release), so the request's version does.
/// The value is the first request version that asks for the layout, the name its header size.
enum class ReplyLayout : std::int32_t { r80 = 6, r112a = 11, r112b = 16, r128 = 18 };

struct RequestVersion {
  std::int32_t number;
  ReplyLayout reply;
  std::string_view releases;  ///< of ejudge, for people
};

inline constexpr std::array k_request_versions{
    RequestVersion{6, ReplyLayout::r80, "3.7.8 and 3.7.9"},
    RequestVersion{7, ReplyLayout::r80, "3.8"},
    RequestVersion{8, ReplyLayout::r80, "3.9"},
    RequestVersion{11, ReplyLayout::r112a, "3.10.0"},
    RequestVersion{12, ReplyLayout::r112a, "3.10.1"},
    RequestVersion{13, ReplyLayout::r112a, "3.10.2"},
    RequestVersion{14, ReplyLayout::r112a, "3.10.3"},
    RequestVersion{16, ReplyLayout::r112b, "3.11 and 3.12"},
    RequestVersion{18, ReplyLayout::r128, "3.13 and later"},
};

inline constexpr std::int32_t k_oldest_version = k_request_versions.front().number;
inline constexpr std::int32_t k_newest_version = k_request_versions.back().number;

/// Null for a version that no release of ejudge wrote.
constexpr const RequestVersion* find_request_version(std::int32_t number) {
  for (const auto& version : k_request_versions) {
    if (version.number == number) return &version;
  }
  return nullptr;
}

}  // namespace ejf::packet
