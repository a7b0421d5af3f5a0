// SPDX-License-Identifier: Apache-2.0
// Any bytes as a heartbeat: decoding ends, and what decodes means the same after encoding.
#include "base/error.h"
#include "fuzz.h"
#include "packet/describe.h"
#include "packet/heartbeat.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ejf::packet;
  const auto heartbeat = try_decode_heartbeat({reinterpret_cast<const char*>(data), size});
  if (!heartbeat) return 0;
  // Several fields may share one text, which is written once for each: such a copy can be too large to be read again.
  const std::string again = encode_heartbeat(*heartbeat);
  EJF_CHECK(again.size() > k_max_heartbeat_size || try_decode_heartbeat(again) == *heartbeat);
  EJF_CHECK(!describe_heartbeat(*heartbeat).empty() && !heartbeat_to_json(*heartbeat).empty());
  return 0;
}
