// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ejf::packet {

/// How a compile server tells ejudge's pages that it lives: a FlatBuffers table, compile_heartbeat.fbs. Names are
/// ejudge's; times are milliseconds since 1970. What is zero or empty is left out of the bytes.
struct Heartbeat {
  std::int64_t timestamp_ms = 0;             ///< when it was written
  std::int64_t last_handled_request_ms = 0;  ///< when the last request was begun; 0: none yet
  std::int64_t start_time_ms = 0;            ///< of the server
  std::int64_t accumulated_ms = 0;           ///< sum of the times that the requests took
  std::int64_t request_count = 0;            ///< finished
  std::string instance_id;
  std::string queue;
  std::string ip_address;
  std::int32_t pid = 0;

  friend bool operator==(const Heartbeat&, const Heartbeat&) = default;
};

inline constexpr std::size_t k_max_heartbeat_size = 65536;

std::string encode_heartbeat(const Heartbeat& heartbeat);
/// Empty when the bytes are no heartbeat, or more than k_max_heartbeat_size. FlatBuffers has nothing to tell its tables
/// apart by, so that other tables may pass for heartbeats.
std::optional<Heartbeat> try_decode_heartbeat(std::string_view bytes);

}  // namespace ejf::packet
