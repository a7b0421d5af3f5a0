// SPDX-License-Identifier: Apache-2.0
// ejforge queue list|show|retry|drop [ID]
#include <fmt/format.h>

#include <cstdio>

#include "base/error.h"
#include "base/text.h"
#include "packet/compile_request.h"
#include "packet/describe.h"
#include "server/configuration.h"
#include "spool/rejected.h"
#include "tools/commands.h"
#include "tools/options.h"

namespace ejf::tools {

namespace {

constexpr const char* k_usage = "ejforge queue list | show ID | retry ID | drop ID";
constexpr std::size_t k_max_packet = 65536;

int list(const spool::Rejected& rejected) {
  const auto entries = rejected.list();
  if (entries.empty()) {
    fmt::print("no request was set aside\n");
    return k_done;
  }
  fmt::print("{:<37} {:<20} {:>10} {:<7} {}\n", "id", "time", "packet", "source", "reason");
  for (const auto& entry : entries) {
    const auto& reason = entry.rejection.reason;
    fmt::print("{:<37} {:<20} {:>10} {:<7} {}\n", entry.id, entry.time, human_size(entry.packet_size),
               entry.has_source ? "yes" : "no", reason.substr(0, reason.find('\n')));
  }
  return k_done;
}

int show(const spool::Rejected& rejected, const std::string& id) {
  auto entry = rejected.find(id);
  if (!entry) throw Error(fmt::format("there is no '{}' among the requests that were set aside", id));
  fmt::print("{}\n  packet {}{}, set aside at {}\n  {}\n", id, human_size(entry->packet_size),
             entry->has_source ? ", with its source" : ", without a source", entry->time, entry->rejection.reason);
  auto request = packet::decode_request(rejected.read_packet(id, k_max_packet));
  if (request) fmt::print("{}", packet::describe_request(*request));
  return k_done;
}

int settle(bool is_done, const std::string& id, const char* what) {
  if (!is_done) throw Error(fmt::format("there is no '{}' among the requests that were set aside", id));
  fmt::print("{}: {}\n", id, what);
  return k_done;
}

}  // namespace

int run_queue(const Arguments& arguments) {
  namespace po = boost::program_options;
  const po::options_description options = site_options();
  po::variables_map values;
  if (parse(arguments, k_usage, options, values)) return k_done;
  const Arguments& given = words(values);
  const std::string action = given.empty() ? "" : given[0];
  const bool is_known = action == "list" || action == "show" || action == "retry" || action == "drop";
  if (!is_known || given.size() != (action == "list" ? 1U : 2U)) throw UsageError(std::string{"Usage: "} + k_usage);

  spool::Rejected rejected(server::load_place(server_options(values)).base());
  if (action == "list") return list(rejected);
  if (action == "show") return show(rejected, given[1]);
  if (action == "retry") return settle(rejected.retry(given[1]), given[1], "back in the queue");
  return settle(rejected.drop(given[1]), given[1], "dropped");
}

}  // namespace ejf::tools
