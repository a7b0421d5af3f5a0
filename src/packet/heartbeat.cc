// SPDX-License-Identifier: Apache-2.0
#include "packet/heartbeat.h"

#include <vector>

#include "packet/compile_heartbeat_generated.h"

namespace ejf::packet {

namespace {

using Text = flatbuffers::Offset<flatbuffers::String>;

Text put(flatbuffers::FlatBufferBuilder& builder, const std::string& text) {
  return text.empty() ? Text{} : builder.CreateString(text);
}

std::string get(const flatbuffers::String* text) {
  return text == nullptr ? std::string{} : text->str();
}

}  // namespace

std::string encode_heartbeat(const Heartbeat& heartbeat) {
  flatbuffers::FlatBufferBuilder builder;
  // Texts stand outside their table and must be there before it is begun.
  const Text instance_id = put(builder, heartbeat.instance_id);
  const Text queue = put(builder, heartbeat.queue);
  const Text ip_address = put(builder, heartbeat.ip_address);
  wire::HeartbeatBuilder table(builder);
  table.add_timestamp_ms(heartbeat.timestamp_ms);
  table.add_last_handled_request_ms(heartbeat.last_handled_request_ms);
  table.add_start_time_ms(heartbeat.start_time_ms);
  table.add_accumulated_ms(heartbeat.accumulated_ms);
  table.add_request_count(heartbeat.request_count);
  table.add_instance_id(instance_id);
  table.add_queue(queue);
  table.add_ip_address(ip_address);
  table.add_pid(heartbeat.pid);
  builder.Finish(table.Finish());
  return {reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize()};
}

std::optional<Heartbeat> try_decode_heartbeat(std::string_view bytes) {
  if (bytes.size() > k_max_heartbeat_size) return {};
  // The library reads numbers in place, which must therefore be aligned.
  const std::vector<std::uint8_t> aligned(bytes.begin(), bytes.end());
  flatbuffers::Verifier verifier(aligned.data(), aligned.size());
  if (!wire::VerifyHeartbeatBuffer(verifier)) return {};
  const wire::Heartbeat* table = wire::GetHeartbeat(aligned.data());
  return Heartbeat{.timestamp_ms = table->timestamp_ms(),
                   .last_handled_request_ms = table->last_handled_request_ms(),
                   .start_time_ms = table->start_time_ms(),
                   .accumulated_ms = table->accumulated_ms(),
                   .request_count = table->request_count(),
                   .instance_id = get(table->instance_id()),
                   .queue = get(table->queue()),
                   .ip_address = get(table->ip_address()),
                   .pid = table->pid()};
}

}  // namespace ejf::packet
