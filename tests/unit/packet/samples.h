// SPDX-License-Identifier: Apache-2.0
// What the tests of packets share.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "packet/compile_reply.h"
#include "packet/compile_request.h"

namespace ejf::packet {

/// A file below tests/data/packets.
std::string read_sample(const std::string& name);
/// The names of the recorded cases there.
std::vector<std::string> sample_cases();

/// The request and the reply of request-v18.bin and reply-v18.bin, written down by hand.
CompileRequest documented_request();
CompileReply documented_reply();

/// A request of `version` that uses every field that this version has, all values in range.
CompileRequest random_request(std::int32_t version, std::mt19937_64& random);
CompileReply random_reply(std::int32_t request_version, std::mt19937_64& random);

void put_i32(std::string& packet, std::size_t offset, std::int32_t value);
/// packet_len := the size that the packet has.
void put_size(std::string& packet);

/// A copy in memory of exactly its size, so that AddressSanitizer sees a read one byte beyond it.
class ExactCopy {
 public:
  explicit ExactCopy(std::string_view data);
  std::string_view view() const noexcept { return {data_.get(), size_}; }

 private:
  std::unique_ptr<char[]> data_;
  std::size_t size_;
};

}  // namespace ejf::packet
