// SPDX-License-Identifier: Apache-2.0
#include "config/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "config/ini_reader.h"

namespace ejf::config {

namespace {

constexpr std::size_t k_max_file = std::size_t{1} << 20;
constexpr std::int64_t k_most_memory = std::int64_t{4} << 30;

using S = Settings;
using T = SettingKey::Type;

constexpr SettingKey k_keys[] = {
    {"paths", "contests_home_dir", T::path, &S::contests_home_dir, "", "home of the contests"},
    {"paths", "spool_dir", T::path, &S::spool_dir, "", "compile spool; given and empty: the legacy layout"},
    {"paths", "local_dir", T::path, &S::local_dir, "", "fast local storage"},
    {"paths", "lang_config_dir", T::path, &S::lang_config_dir, "", "directory of lang.d files"},
    {"paths", "script_dir", T::path, &S::script_dir, "", "directory of the compile scripts"},
    {"paths", "conf_dir", T::path, &S::conf_dir, "",
     "directory of ejudge.xml; counts in a file that is given by --settings"},
    {"paths", "request_roots", T::path_list, &S::request_roots, "",
     "the files that a request names lie below one of these; empty: anywhere"},
    {"server", "slots", T::count, &S::slots, "0", "compilations at once; 0: compile_parallelism of ejudge.xml"},
    {"server", "compile_user", T::name, &S::compile_user, "", "user whose name the compilers see"},
    {"server", "scan_interval", T::duration, &S::scan_interval, "5s", "longest time between two scans of the queue"},
    {"server", "grace_time", T::duration, &S::grace_time, "20s", "how long running jobs may go on after TERM"},
    {"server", "sync_interval", T::duration, &S::sync_interval, "1s",
     "least time between two waits for the disk, until which answered requests keep their claims"},
    {"server", "fault_patience", T::duration, &S::fault_patience, "30s",
     "how long a request that fails by a fault of the machine is tried again"},
    {"server", "max_source_size", T::size, &S::max_source_size, "64M", "largest source that is compiled"},
    {"server", "max_tests", T::count, &S::max_tests, "10000", "most tests of a multi-header request"},
    {"server", "heartbeat_interval", T::duration, &S::heartbeat_interval, "30s", "time between two heartbeats"},
    {"server", "local_cache_age", T::duration, &S::local_cache_age, "24h",
     "when an executable in --local-cache goes that nobody fetched"},
    {"jail", "first_uid", T::count, &S::first_uid, "70000", "first of the user ids that compilers run under"},
    {"jail", "memory", T::size, &S::memory, "0",
     "of one compilation; 0: the smaller of 4G and the host's share per slot"},
    {"jail", "cpu_time", T::duration, &S::cpu_time, "0", "of one compilation; 0: no limit"},
    {"jail", "idle_time", T::duration, &S::idle_time, "0", "in which a compiler must compute something; 0: no limit"},
    {"jail", "processes", T::count, &S::processes, "1024", "processes and threads of one compilation"},
    {"jail", "open_files", T::count, &S::open_files, "4096", "open files of a process"},
    {"jail", "box_size", T::size, &S::box_size, "1G", "what one compilation may write"},
    {"jail", "box_inodes", T::count, &S::box_inodes, "100000", "how many files that may be"},
    {"jail", "log_limit", T::size, &S::log_limit, "1M", "how much of a compiler's output is kept"},
    {"jail", "log_drain_limit", T::size, &S::log_drain_limit, "1G", "a compiler that prints more is killed"},
    {"jail", "visible", T::path_list, &S::visible, "", "more paths that compilers can read"},
    {"jail", "cgroup", T::name, &S::cgroup, "", "beginning of the name of the compilations' cgroup; empty: ejforge"},
    {"jail", "socket", T::path, &S::jail_socket, "", "where a privileged ej-jail is reached; empty: one is started"},
    {"jail", "seccomp", T::seccomp, &S::seccomp, "enforce",
     "enforce, or log: calls that compilers should not make are logged and allowed"},
    {"log", "file", T::path, &S::log_file, "", "empty: var/ej-compile.log below the contests' home"},
    {"log", "level", T::level, &S::log_level, "info", "debug, info, warning or error"},
};

constexpr std::string_view k_sections[] = {"paths", "server", "jail", "log", "languages"};

constexpr std::array<std::pair<std::string_view, log::Level>, 4> k_levels{{
    {"debug", log::Level::debug},
    {"info", log::Level::info},
    {"warning", log::Level::warning},
    {"error", log::Level::error},
}};

/// A number of seconds, or of another unit that follows it.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, int>, 4> k_units{
      {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};
  constexpr std::int64_t k_most = 3'000'000'000'000;  // 95 years: clocks count nanoseconds, in 64 bits
  int factor = 1000;
  for (const auto& [unit, milliseconds] : k_units) {
    if (!text.ends_with(unit)) continue;
    text.remove_suffix(unit.size());
    factor = milliseconds;
    break;
  }
  const auto number = parse_decimal(trim(text));
  if (!number || *number < 0 || *number > k_most / factor) return {};
  return std::chrono::milliseconds{*number * factor};
}

bool is_path(std::string_view text) {
  return text.empty() || text.starts_with('/');
}

/// Puts a text into a member; returns what is wrong with it, or nothing.
struct Assign {
  SettingKey::Type type;
  const std::string& text;

  std::string operator()(std::string& to) const {
    if (type == T::path && !is_path(text)) return fmt::format("'{}' is not an absolute path", text);
    to = text;
    return {};
  }
  std::string operator()(std::vector<std::string>& to) const {
    std::vector<std::string> paths;
    for (std::string_view piece : split(text, ':')) {
      piece = trim(piece);
      if (!is_path(piece)) return fmt::format("'{}' is not an absolute path", piece);
      if (!piece.empty()) paths.emplace_back(piece);
    }
    to = std::move(paths);
    return {};
  }
  std::string operator()(int& to) const {
    const auto number = parse_decimal(text);
    if (!number || *number < 0 || *number > std::numeric_limits<int>::max()) {
      return fmt::format("'{}' is not a number from 0", text);
    }
    to = static_cast<int>(*number);
    return {};
  }
  std::string operator()(std::int64_t& to) const {
    const auto number = parse_size(text);
    if (!number || *number < 0) return fmt::format("'{}' is not a size such as 64M", text);
    to = *number;
    return {};
  }
  std::string operator()(std::chrono::milliseconds& to) const {
    const auto time = parse_duration(text);
    if (!time) return fmt::format("'{}' is not a time such as 30s or 500ms", text);
    to = *time;
    return {};
  }
  std::string operator()(SeccompMode& to) const {
    if (text != "enforce" && text != "log") return fmt::format("'{}' is not enforce or log", text);
    to = text == "log" ? SeccompMode::log : SeccompMode::enforce;
    return {};
  }
  std::string operator()(log::Level& to) const {
    const auto* found =
        std::find_if(k_levels.begin(), k_levels.end(), [&](const auto& one) { return one.first == text; });
    if (found == k_levels.end()) return fmt::format("'{}' is not debug, info, warning or error", text);
    to = found->second;
    return {};
  }
};

std::string assign(Settings& settings, const SettingKey& key, const std::string& text) {
  const Assign action{key.type, text};
  return std::visit([&](auto member) { return action(settings.*member); }, key.member);
}

std::string full_name(std::string_view section, std::string_view key) {
  return fmt::format("{}.{}", section, key);
}

bool is_known_section(std::string_view section) {
  return std::find(std::begin(k_sections), std::end(k_sections), section) != std::end(k_sections);
}

class Builder {
 public:
  Builder(const std::string& file, Diagnostics& diagnostics) : file_(file), diagnostics_(diagnostics) {
    settings_.file = file;
  }

  void begin_section(const std::string& section, int line) {
    if (is_known_section(section)) return;
    const auto near = nearest(section, k_sections);
    diagnostics_.warn(file_, line, fmt::format("unknown section '[{}]' is ignored", section) + suggest(near));
  }

  void read_key(const std::string& section, const std::string& name, const std::string& value, int line) {
    if (section.empty()) return diagnostics_.warn(file_, line, fmt::format("'{}' stands before any section", name));
    if (!is_known_section(section)) return;  // said where it begins
    const auto* key = std::find_if(std::begin(k_keys), std::end(k_keys),
                                   [&](const SettingKey& one) { return one.section == section && one.key == name; });
    if (key == std::end(k_keys)) return warn_unknown(section, name, line);
    if (const auto* before = settings_.find_given(section, name)) {
      diagnostics_.warn(file_, line, fmt::format("'{}' was given before, at {}", name, before->origin));
    }
    const std::string wrong = assign(settings_, *key, value);
    if (!wrong.empty()) return diagnostics_.error(file_, line, fmt::format("'{}': {}", name, wrong));
    settings_.given[full_name(section, name)] = {value, fmt::format("{}:{}", file_, line)};
  }

  Settings take() { return std::move(settings_); }

 private:
  static std::string suggest(std::optional<std::string_view> near) {
    return near ? fmt::format("; did you mean '{}'?", *near) : std::string{};
  }

  void warn_unknown(const std::string& section, const std::string& name, int line) {
    std::vector<std::string_view> names;
    for (const SettingKey& one : k_keys) {
      // A key of another section is a likely slip too.
      if (one.key == name) {
        return diagnostics_.warn(file_, line,
                                 fmt::format("'{}' belongs to [{}], not to [{}]", name, one.section, section));
      }
      if (one.section == section) names.push_back(one.key);
    }
    diagnostics_.warn(file_, line,
                      fmt::format("unknown key '{}' in [{}]", name, section) + suggest(nearest(name, names)));
  }

  const std::string& file_;
  Diagnostics& diagnostics_;
  Settings settings_;
};

}  // namespace

Settings::Settings() {
  for (const SettingKey& key : k_keys) {
    const std::string text{key.default_text};
    EJF_CHECK(assign(*this, key, text).empty());
  }
}

const Settings::Given* Settings::find_given(std::string_view section, std::string_view key) const {
  const auto found = given.find(full_name(section, key));
  return found == given.end() ? nullptr : &found->second;
}

std::int64_t Settings::jail_memory(std::int64_t host_memory, int slots_in_force) const {
  if (memory > 0) return memory;
  return std::min(k_most_memory, host_memory / std::max(1, slots_in_force));
}

std::span<const SettingKey> settings_keys() {
  return k_keys;
}

Settings load_settings(const std::string& path, Diagnostics& diagnostics) {
  try {
    return parse_settings(read_file(path, k_max_file), path, diagnostics);
  } catch (const Error& error) {
    diagnostics.error(path, 0, error.what());
    return {};
  }
}

Settings parse_settings(std::string_view text, const std::string& file, Diagnostics& diagnostics) {
  Builder builder(file, diagnostics);
  const IniHandler handler{
      [&](const std::string& section, int line) { builder.begin_section(section, line); },
      [&](const std::string& section, const std::string& key, const std::string& value, int line) {
        builder.read_key(section, key, value, line);
      },
  };
  read_ini(text, file, handler, diagnostics);
  return builder.take();
}

std::string print_settings(const Settings& settings) {
  std::string out;
  std::string_view section;
  for (const SettingKey& key : k_keys) {
    if (key.section != section) out += fmt::format("{}[{}]\n", section.empty() ? "" : "\n", key.section);
    section = key.section;
    const Settings::Given* given = settings.find_given(key.section, key.key);
    // A default is commented out: the text may be saved as a settings file, and then an empty path would be a value.
    const std::string setting = given != nullptr ? fmt::format("{} = {}", key.key, given->text)
                                                 : fmt::format(";{} = {}", key.key, key.default_text);
    out += fmt::format("{:<32} ; {}\n", setting, given != nullptr ? given->origin : "default");
  }
  return out;
}

std::string sample_settings() {
  std::string out =
      "; Settings of ejforge. Every key is shown with its default; take the ';' away to change one.\n"
      "; A line has at most 197 bytes. Sizes: 64M, 1G. Times: 500ms, 30s, 2m. Lists of paths: /a:/b.\n";
  std::string_view section;
  for (const SettingKey& key : k_keys) {
    if (key.section != section) out += fmt::format("\n[{}]\n", key.section);
    section = key.section;
    out += fmt::format("; {}\n;{} ={}{}\n", key.doc, key.key, key.default_text.empty() ? "" : " ", key.default_text);
  }
  return out;
}

}  // namespace ejf::config
