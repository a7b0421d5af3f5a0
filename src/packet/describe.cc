// SPDX-License-Identifier: Apache-2.0
#include "packet/describe.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <type_traits>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/text.h"
#include "packet/codec.h"
#include "packet/utf8.h"

namespace ejf::packet {

namespace {

namespace json = boost::json;

constexpr std::size_t k_line_width = 100;
constexpr std::size_t k_max_hex_bytes = 64;

/// Calls visit(field, member pointer) for each field of the newest version.
template <typename T, typename Visit>
void for_each_member(Visit visit) {
  for (const auto& slot : layouts_of<T>().back()) {
    std::visit([&](auto member) { visit(*slot.field, member); }, slot.field->member);
  }
}

std::string quote(std::string_view text) {
  if (is_printable_utf8(text)) return fmt::format("\"{}\"", escape_c(text));
  std::string quoted;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    quoted += byte < 0x80 ? escape_c({&c, 1}) : fmt::format("\\x{:02x}", byte);
  }
  return fmt::format("\"{}\"", quoted);
}

std::string show(std::string_view text, Show how) {
  if (how != Show::hex) return quote(text);
  const bool is_long = text.size() > k_max_hex_bytes;
  return fmt::format("{} bytes: {}{}", text.size(), to_hex(text.substr(0, k_max_hex_bytes)), is_long ? "..." : "");
}

std::string show(std::int64_t number, Show how) {
  if (how == Show::time) return fmt::format("{} ({})", number, format_utc({number, 0}));
  if (how == Show::size && number > 0)
    return fmt::format("{} ({})", number, human_size(static_cast<std::uint64_t>(number)));
  return std::to_string(number);
}

std::string show(RunStatus status, Show) {
  return fmt::format("{} ({})", static_cast<std::int32_t>(status), status_name(status));
}

std::string show(const Uuid& uuid, Show) {
  return uuid.text();
}

std::string show(const std::vector<std::string>& strings, Show) {
  std::string shown;
  for (const auto& text : strings) shown += (shown.empty() ? "" : " ") + quote(text);
  return shown;
}

/// `title`, and below it the fields that are not default, as many a line as there is room for. Status is always shown.
template <typename T>
std::string describe(std::string_view title, const T& object) {
  using StatusMember = RunStatus T::*;
  constexpr std::string_view k_gap = "   ";
  const T defaults;
  std::string text{title};
  std::size_t line_start = 0;
  for_each_member<T>([&](const Field<T>& field, auto member) {
    constexpr bool is_status = std::is_same_v<decltype(member), StatusMember>;
    if (!is_status && object.*member == defaults.*member) return;
    const std::string item = fmt::format("{} {}", field.name, show(object.*member, field.show_as));
    const bool has_room = text.size() - line_start + k_gap.size() + item.size() <= k_line_width;
    if (line_start == 0 || !has_room) {
      line_start = text.size() + 1;
      text += "\n  " + item;
    } else {
      text.append(k_gap).append(item);
    }
  });
  return text + "\n";
}

/// Empty for an object that has no packet.
std::string size_of(const Result<std::string, EncodeError>& packet) {
  return packet ? fmt::format(", {} bytes", packet->size()) : std::string{};
}

json::value to_value(std::string_view text, Show how) {
  if (how == Show::hex) return json::value(to_hex(text));
  if (is_utf8(text)) return json::value(text);
  return json::object{{"hex", to_hex(text)}};
}

json::value to_value(const Uuid& uuid, Show) {
  return json::value(uuid.text());
}

json::value to_value(std::int64_t number, Show) {
  return number;
}

json::value to_value(RunStatus status, Show) {
  return static_cast<std::int64_t>(status);
}

json::value to_value(const std::vector<std::string>& strings, Show) {
  json::array array;
  for (const auto& text : strings) array.push_back(to_value(text, Show::plain));
  return array;
}

template <typename T>
void put_fields(const T& packet, json::object& into) {
  for_each_member<T>(
      [&](const Field<T>& field, auto member) { into[field.name] = to_value(packet.*member, field.show_as); });
}

}  // namespace

std::string describe_request(const CompileRequest& request) {
  const RequestVersion* version = find_request_version(request.version);
  return describe(fmt::format("compile request, version {} (ejudge {}){}", request.version,
                              version == nullptr ? "unknown" : version->releases, size_of(encode_request(request))),
                  request);
}

std::string describe_reply(const CompileReply& reply, ReplyLayout layout) {
  const auto first_version = static_cast<std::int32_t>(layout);
  std::string versions;
  for (const auto& version : k_request_versions) {
    if (version.reply == layout) versions += fmt::format("{}{}", versions.empty() ? "" : ", ", version.number);
  }
  return describe(
      fmt::format("compile reply to a request of version {}{}", versions, size_of(encode_reply(reply, first_version))),
      reply);
}

std::string describe_heartbeat(const Heartbeat& heartbeat) {
  const auto time = [](std::int64_t milliseconds) {
    return milliseconds == 0 ? std::string{"never"} : format_utc({milliseconds / 1000, 0});
  };
  std::string text = fmt::format("heartbeat of {}\n  pid {}   started {}   queue {}", time(heartbeat.timestamp_ms),
                                 heartbeat.pid, time(heartbeat.start_time_ms), quote(heartbeat.queue));
  if (!heartbeat.instance_id.empty()) text += "   instance_id " + quote(heartbeat.instance_id);
  if (!heartbeat.ip_address.empty()) text += "   ip_address " + quote(heartbeat.ip_address);
  return text + fmt::format("\n  requests {} in {} ms, the last one begun {}\n", heartbeat.request_count,
                            heartbeat.accumulated_ms, time(heartbeat.last_handled_request_ms));
}

std::string request_to_json(const CompileRequest& request) {
  json::object object{{"version", request.version}};
  put_fields(request, object);
  return json::serialize(object);
}

std::string reply_to_json(const CompileReply& reply) {
  json::object object;
  put_fields(reply, object);
  object["status_name"] = status_name(reply.status);
  return json::serialize(object);
}

std::string heartbeat_to_json(const Heartbeat& heartbeat) {
  return json::serialize(json::object{{"timestamp_ms", heartbeat.timestamp_ms},
                                      {"last_handled_request_ms", heartbeat.last_handled_request_ms},
                                      {"start_time_ms", heartbeat.start_time_ms},
                                      {"accumulated_ms", heartbeat.accumulated_ms},
                                      {"request_count", heartbeat.request_count},
                                      {"instance_id", to_value(heartbeat.instance_id, Show::plain)},
                                      {"queue", to_value(heartbeat.queue, Show::plain)},
                                      {"ip_address", to_value(heartbeat.ip_address, Show::plain)},
                                      {"pid", heartbeat.pid}});
}

}  // namespace ejf::packet
