// SPDX-License-Identifier: Apache-2.0
// Any bytes in any layout: decoding ends, and what decodes means the same after encoding.
#include "base/error.h"
#include "fuzz.h"
#include "packet/compile_reply.h"
#include "packet/describe.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ejf::packet;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const auto& version : k_request_versions) {
    auto reply = decode_reply(bytes, version.reply);
    if (!reply) continue;
    auto packet = encode_reply(*reply, version.number);
    EJF_CHECK(packet && packet->size() == size && decode_reply(*packet, version.reply) == *reply);
    EJF_CHECK(!describe_reply(*reply, version.reply).empty() && !reply_to_json(*reply).empty());
  }
  EJF_CHECK(plausible_layouts(bytes).size() <= 4);
  return 0;
}
