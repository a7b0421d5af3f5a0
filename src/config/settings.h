// SPDX-License-Identifier: Apache-2.0
// ejforge.ini: our own settings, which ejudge knows nothing of.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/log.h"
#include "config/diagnostics.h"

namespace ejf::config {

enum class SeccompMode { enforce, log };

/// Each member is a key of the table in settings.cc, which has its default. Paths are absolute or empty (not set).
struct Settings {
  Settings();  ///< all defaults

  std::string file;  ///< empty: none was read

  // [paths]
  std::string contests_home_dir;
  std::string spool_dir;  ///< set and empty: the legacy layout
  std::string local_dir;
  std::string lang_config_dir;
  std::string script_dir;
  std::string conf_dir;
  std::vector<std::string> request_roots;
  // [server]
  int slots = 0;  ///< 0: compile_parallelism of ejudge.xml
  std::string compile_user;
  std::chrono::milliseconds scan_interval{};
  std::chrono::milliseconds grace_time{};
  std::chrono::milliseconds sync_interval{};
  std::chrono::milliseconds fault_patience{};
  std::int64_t max_source_size = 0;
  int max_tests = 0;
  std::chrono::milliseconds heartbeat_interval{};
  std::chrono::milliseconds local_cache_age{};
  // [jail]
  std::string jail_socket;  ///< empty: a broker is started
  SeccompMode seccomp = SeccompMode::enforce;
  int first_uid = 0;
  std::int64_t memory = 0;                ///< 0: see jail_memory()
  std::chrono::milliseconds cpu_time{};   ///< 0: none
  std::chrono::milliseconds idle_time{};  ///< 0: none
  int processes = 0;
  int open_files = 0;
  std::int64_t box_size = 0;
  int box_inodes = 0;
  std::int64_t log_limit = 0;
  std::int64_t log_drain_limit = 0;
  std::vector<std::string> visible;
  std::string cgroup;
  // [log]
  std::string log_file;
  log::Level log_level = log::Level::info;

  /// Where a value comes from ("file:line"), and how it was written; keyed by "section.key". A default is not here.
  struct Given {
    std::string text;
    std::string origin;
  };
  std::map<std::string, Given, std::less<>> given;

  const Given* find_given(std::string_view section, std::string_view key) const;
  /// `memory`, or the smaller of 4G and an equal share of the host's memory.
  std::int64_t jail_memory(std::int64_t host_memory, int slots_in_force) const;
};

/// One key of the table.
struct SettingKey {
  enum class Type { path, path_list, name, count, size, duration, level, seccomp };
  using Member = std::variant<std::string Settings::*, std::vector<std::string> Settings::*, int Settings::*,
                              std::int64_t Settings::*, std::chrono::milliseconds Settings::*, log::Level Settings::*,
                              SeccompMode Settings::*>;
  std::string_view section;
  std::string_view key;
  Type type;
  Member member;
  std::string_view default_text;
  std::string_view doc;
};

std::span<const SettingKey> settings_keys();

/// Errors go to `diagnostics`, also that the file cannot be read; a key with a bad value keeps its default.
Settings load_settings(const std::string& path, Diagnostics& diagnostics);
Settings parse_settings(std::string_view text, const std::string& file, Diagnostics& diagnostics);

/// Every key with the value in force and where that is from, in the form of a settings file.
std::string print_settings(const Settings& settings);
/// The sample that is installed: every key with its default and what it is for, commented out.
std::string sample_settings();

}  // namespace ejf::config
