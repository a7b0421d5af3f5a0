// SPDX-License-Identifier: Apache-2.0
// ejforge packet show FILE [--json]
#include <fcntl.h>
#include <fmt/format.h>

#include <cstdio>

#include "base/bytes.h"
#include "base/error.h"
#include "base/files.h"
#include "packet/compile_reply.h"
#include "packet/compile_request.h"
#include "packet/describe.h"
#include "packet/heartbeat.h"
#include "tools/commands.h"
#include "tools/options.h"

namespace ejf::tools {

namespace {

constexpr std::size_t k_max_packet = 65536;
constexpr std::int32_t k_reply_version = 1;  // in every release; requests begin with version 6

bool looks_like_reply(const std::string& bytes) {
  return bytes.size() >= 8 && load_i32(bytes.data() + 4) == k_reply_version;
}

int show_reply(const std::string& bytes, bool as_json) {
  std::string reason = "no reply layout fits";
  for (auto layout : packet::plausible_layouts(bytes)) {
    auto reply = packet::decode_reply(bytes, layout);
    if (reply) {
      fmt::print("{}", as_json ? packet::reply_to_json(*reply) + "\n" : packet::describe_reply(*reply, layout));
      return k_done;
    }
    reason = reply.error().message;
  }
  fmt::print(stderr, "ejforge: a reply that does not decode: {}\n", reason);
  return k_asked_about_failed;
}

/// Both packets begin with their own size, which is no place that a heartbeat could begin with.
bool looks_like_packet(const std::string& bytes) {
  return bytes.size() >= 4 && static_cast<std::size_t>(load_i32(bytes.data())) == bytes.size();
}

int show(const std::string& file, bool as_json) {
  const std::string bytes = read_file(file, k_max_packet);
  if (auto heartbeat = packet::try_decode_heartbeat(bytes); heartbeat && !looks_like_packet(bytes)) {
    fmt::print("{}", as_json ? packet::heartbeat_to_json(*heartbeat) + "\n" : packet::describe_heartbeat(*heartbeat));
    return k_done;
  }
  if (looks_like_reply(bytes)) return show_reply(bytes, as_json);
  auto request = packet::decode_request(bytes);
  if (!request) {
    fmt::print(stderr, "ejforge: {}: {}\n", file, request.error().message);
    return k_asked_about_failed;
  }
  fmt::print("{}", as_json ? packet::request_to_json(*request) + "\n" : packet::describe_request(*request));
  return k_done;
}

}  // namespace

int run_packet(const Arguments& arguments) {
  namespace po = boost::program_options;
  po::options_description options("Options");
  options.add_options()("json", "print JSON");
  po::variables_map values;
  const std::string usage = "ejforge packet show FILE [--json]";
  if (parse(arguments, usage, options, values)) return k_done;
  const Arguments& given = words(values);
  if (given.size() != 2 || given[0] != "show") throw UsageError("Usage: " + usage);
  return show(given[1], values.count("json") != 0);
}

}  // namespace ejf::tools
