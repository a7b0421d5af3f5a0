// SPDX-License-Identifier: Apache-2.0
// Any bytes: decoding ends, and what decodes means the same after encoding. Errors that name a sender can be answered.
#include "base/error.h"
#include "fuzz.h"
#include "packet/compile_reply.h"
#include "packet/describe.h"
#include "packet/names.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ejf::packet;
  auto request = decode_request({reinterpret_cast<const char*>(data), size});
  if (!request) {
    const auto& who = request.error().who;
    EJF_CHECK(!who || encode_reply(make_reply(*who), who->version));
    return 0;
  }
  auto packet = encode_request(*request);
  EJF_CHECK(packet && packet->size() == size && decode_request(*packet) == *request);
  EJF_CHECK(!run_name(*request).empty() && !describe_request(*request).empty() && !request_to_json(*request).empty());
  return 0;
}
