// SPDX-License-Identifier: Apache-2.0
#include "transport/heartbeat_directory.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/child.h"
#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "spool/claim_name.h"

namespace ejf::transport {

namespace {

constexpr mode_t k_mode = 0666;
constexpr std::size_t k_max_base = 128;  // so that the name fits with all that is put around it

constexpr std::array<std::pair<std::string_view, ServerCommand>, 3> k_commands{{
    {"@S", ServerCommand::stop},
    {"@D", ServerCommand::down},
    {"@R", ServerCommand::reboot},
}};

bool is_command_suffix(std::string_view suffix) {
  return std::any_of(k_commands.begin(), k_commands.end(), [&](const auto& one) { return one.first == suffix; });
}

}  // namespace

std::optional<HeartbeatName> HeartbeatName::parse(std::string_view name) {
  HeartbeatName parsed;
  if (name.size() > 2 && is_command_suffix(name.substr(name.size() - 2))) {
    parsed.is_control = true;
    name.remove_suffix(2);
  }
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  const std::string_view digits = name.substr(dot + 1);
  const auto pid = parse_decimal(digits);
  if (!pid || *pid <= 0 || *pid > std::numeric_limits<pid_t>::max() || std::to_string(*pid) != digits) return {};
  parsed.base = name.substr(0, dot);
  parsed.pid = static_cast<pid_t>(*pid);
  return parsed;
}

std::string heartbeat_base(std::string_view text) {
  std::string base{text.substr(0, k_max_base)};
  std::replace_if(
      base.begin(), base.end(), [](char c) { return c <= ' ' || c >= 0x7f || c == '/'; }, '_');
  if (base.starts_with('.')) base.front() = '_';
  return base.empty() ? spool::node_name() : base;
}

HeartbeatDirectory::HeartbeatDirectory(std::string path, std::string base)
    : path_(std::move(path)),
      base_(std::move(base)),
      host_base_(heartbeat_base(spool::node_name())),
      name_(fmt::format("{}.{}", base_, ::getpid())),
      files_(path_) {}

bool HeartbeatDirectory::follow() {
  if (spool::is_same_directory(watched_directory(), files_.dir())) return false;
  files_ = spool::SafeDirectory(path_);
  return true;
}

bool HeartbeatDirectory::is_control_file(std::string_view name) const {
  return name.starts_with(name_) && is_command_suffix(name.substr(name_.size()));
}

void HeartbeatDirectory::write(const packet::Heartbeat& heartbeat) {
  files_.write(name_, packet::encode_heartbeat(heartbeat), k_mode);
}

void HeartbeatDirectory::remove() {
  files_.remove(name_);
}

std::vector<ServerCommand> HeartbeatDirectory::take_commands() {
  std::vector<ServerCommand> found;
  for (const auto& [suffix, command] : k_commands) {
    const std::string file = name_ + std::string{suffix};
    const auto info = try_stat_at(files_.dir(), file);
    if (!info || !S_ISREG(info->st_mode)) continue;
    found.push_back(command);
    try {
      files_.remove(file);
    } catch (const SysError&) {
      // Nobody else obeys it, since it has our process's number: it says what it says, even if it has to stay.
      continue;
    }
  }
  return found;
}

bool HeartbeatDirectory::is_stale(const std::string& name, time_t last_sign) const {
  const auto parsed = HeartbeatName::parse(name);
  if (!parsed || process_exists(parsed->pid)) return false;
  if (parsed->base == host_base_) return true;
  if (parsed->base != base_) return false;
  const auto info = try_stat_at(files_.dir(), name);
  return info && info->st_mtime < last_sign;
}

std::vector<std::string> HeartbeatDirectory::remove_stale(std::chrono::seconds silence) {
  // Our own heartbeat tells what the file system takes for now.
  const auto ours = try_stat_at(files_.dir(), name_);
  if (!ours) return {};
  std::vector<std::string> removed;
  for (std::string& name : files_.list()) {
    if (is_stale(name, ours->st_mtime - silence.count()) && files_.remove(name)) removed.push_back(std::move(name));
  }
  return removed;
}

}  // namespace ejf::transport
