// SPDX-License-Identifier: Apache-2.0
// Any name in a queue: what parses is written as it was read, and waiting names come back out, each once and in order.
#include "base/error.h"
#include "base/text.h"
#include "fuzz.h"
#include "spool/claim_name.h"
#include "spool/packet_index.h"

using namespace ejf;
using namespace ejf::spool;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  PacketIndex index;
  for (std::string_view name : split({reinterpret_cast<const char*>(data), size}, '\n')) {
    index.insert(std::string{name});
    if (const auto claim = ClaimName::parse(name)) {
      EJF_CHECK(claim->text() == name && is_plain_name(claim->packet) && claim->packet.size() <= k_max_packet_name);
      EJF_CHECK(claim->crashes >= 0 && claim->crashes <= k_most_crashes);
      EJF_CHECK(parse_instance_file_name(instance_file_name(claim->instance)) == claim->instance);
    }
    const auto instance = parse_instance_file_name(name);
    EJF_CHECK(!instance || (instance_file_name(*instance) == name && boot_of_instance(*instance).size() == 8));
  }
  std::string last;
  for (bool is_first = true; const auto name = index.pop(); is_first = false) {
    EJF_CHECK(is_first || std::pair(packet_priority(last), last) < std::pair(packet_priority(*name), *name));
    last = *name;
  }
  return 0;
}
