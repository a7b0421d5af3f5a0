// SPDX-License-Identifier: Apache-2.0
#include "server/configuration.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>

#include "base/build_info.h"
#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "lang/language_filter.h"
#include "server/process.h"
#include "transport/heartbeat_directory.h"

namespace ejf::server {

namespace {

constexpr std::size_t k_max_ejudge_xml = 64U << 20;

std::string node_name() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
  return name.data();
}

std::string queue_id_of(const Options& options) {
  if (options.queue_id) return *options.queue_id;
  const char* from_environment = std::getenv("EJ_COMPILE_SERVER_ID");
  if (from_environment != nullptr && *from_environment != '\0') return from_environment;
  return node_name();
}

/// -l FD: the control program opened ejudge.xml, because we may not. Read from its start each time: a restart gets the
/// same descriptor, at whatever position the last reading left it.
std::string read_inherited_xml(int fd) {
  if (::lseek(fd, 0, SEEK_SET) < 0) throw SysError("seek", "ejudge.xml (descriptor of -l)");
  return read_all(fd, k_max_ejudge_xml, "ejudge.xml (descriptor of -l)");
}

config::LoadedSite load_site(const Options& options, config::Diagnostics& diagnostics) {
  config::SiteOptions site = options.site;
  if (options.xml_fd >= 0) site.ejudge_xml_text = read_inherited_xml(options.xml_fd);
  return config::load_site(site, diagnostics);
}

config::CfgVariables cfg_variables() {
  config::CfgVariables variables;
  variables.host = node_name();
  return variables;
}

unsigned slots_of(const Options& options, const config::LoadedSite& loaded) {
  if (options.is_slave) return 1;
  if (options.slots) return *options.slots;
  if (loaded.settings.slots > 0) return static_cast<unsigned>(loaded.settings.slots);
  const int parallelism = loaded.xml ? loaded.xml->compile_parallelism(host_names()) : 1;
  // ejudge allows 0, which would serve nobody.
  return parallelism > 0 ? static_cast<unsigned>(parallelism) : 1;
}

std::int64_t host_memory() {
  struct sysinfo info {};
  if (::sysinfo(&info) != 0) throw SysError("sysinfo", "");
  return static_cast<std::int64_t>(info.totalram) * info.mem_unit;
}

/// The same in each run of one server, which sweeps away what an earlier run left, and another for each spool: two
/// spools of one host may well have the same queue id.
std::string group_name(const Configuration& configuration, unsigned serial) {
  std::string place = configuration.site.spool_dir.value.empty()
                          ? configuration.legacy_compile_dir
                          : configuration.site.spool_dir.value + "/" + configuration.queue_id;
  std::uint32_t hash = 0x811c9dc5;  // FNV-1a
  for (char c : place) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
  const std::string& prefix = configuration.settings.cgroup;
  const std::string queue = is_plain_name(configuration.queue_id) ? configuration.queue_id : "queue";
  return fmt::format("{}-{}-{:08x}-{}", prefix.empty() ? "ejforge" : prefix, queue, hash, serial);
}

void add_directories(Configuration& configuration) {
  const config::CompileDirs dirs = config::compile_dirs(
      configuration.compile_cfg, configuration.site.contests_home_dir.value, configuration.site.local_dir.value);
  configuration.work_dir = dirs.compile_work;
  configuration.legacy_compile_dir = dirs.compile;
  // ejudge.xml and ejforge.ini may say nothing of lang.d; compile.cfg then does, as ejudge's server has it.
  auto& lang_config_dir = configuration.site.lang_config_dir;
  if (lang_config_dir.origin == "built-in" && !configuration.compile_cfg.lang_config_dir.empty()) {
    lang_config_dir = {configuration.compile_cfg.lang_config_dir, configuration.site.compile_cfg.value};
  }
}

void add_heartbeat(Configuration& configuration, const Options& options) {
  configuration.heartbeats = options.heartbeats;
  configuration.instance_id = options.heartbeat_instance.empty() ? options.instance_id : options.heartbeat_instance;
  configuration.ip_address = options.ip_address;
  const std::string& base = configuration.instance_id.empty() ? options.ip_address : configuration.instance_id;
  configuration.heartbeat_base = transport::heartbeat_base(base);
}

void add_lang_id_map(Configuration& configuration, const std::string& file, config::Diagnostics& diagnostics) {
  if (file.empty()) return;
  configuration.lang_id_map = config::load_lang_id_map(file, diagnostics);
  for (const auto& [from, to] : configuration.lang_id_map) {
    if (configuration.compile_cfg.find_language(to) != nullptr) continue;
    diagnostics.warn(file, 0, fmt::format("{} stands for {}, but there is no such language", from, to));
  }
}

}  // namespace

std::vector<std::string> host_names() {
  std::vector<std::string> names;
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) == 0) {
    std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner{first, &::freeifaddrs};
    for (const ifaddrs* entry = first; entry != nullptr; entry = entry->ifa_next) {
      if (entry->ifa_addr == nullptr) continue;
      std::array<char, INET6_ADDRSTRLEN> text{};
      const void* address = nullptr;
      if (entry->ifa_addr->sa_family == AF_INET) {
        address = &reinterpret_cast<const sockaddr_in*>(entry->ifa_addr)->sin_addr;
      } else if (entry->ifa_addr->sa_family == AF_INET6) {
        address = &reinterpret_cast<const sockaddr_in6*>(entry->ifa_addr)->sin6_addr;
      } else {
        continue;
      }
      if (::inet_ntop(entry->ifa_addr->sa_family, address, text.data(), text.size()) != nullptr) {
        names.emplace_back(text.data());
      }
    }
  }
  names.push_back(node_name());
  return names;
}

transport::SpoolPlace load_place(const Options& options) {
  config::Diagnostics diagnostics;
  const config::LoadedSite loaded = load_site(options, diagnostics);
  diagnostics.throw_if_errors();
  transport::SpoolPlace place;
  place.spool_dir = loaded.site.spool_dir.value;
  place.queue_id = queue_id_of(options);
  if (place.spool_dir.empty()) {
    const auto cfg = config::load_compile_cfg(loaded.site.compile_cfg.value, cfg_variables(), diagnostics);
    diagnostics.throw_if_errors();
    place.legacy_compile_dir =
        config::compile_dirs(cfg, loaded.site.contests_home_dir.value, loaded.site.local_dir.value).compile;
  }
  return place;
}

Configuration load_configuration(const Options& options, config::Diagnostics& diagnostics) {
  Configuration configuration;
  config::LoadedSite loaded = load_site(options, diagnostics);
  configuration.slots = slots_of(options, loaded);
  configuration.settings = std::move(loaded.settings);
  configuration.site = std::move(loaded.site);
  configuration.queue_id = queue_id_of(options);
  configuration.compile_cfg =
      config::load_compile_cfg(configuration.site.compile_cfg.value, cfg_variables(), diagnostics);
  diagnostics.throw_if_errors();
  add_directories(configuration);
  if (!options.language_key.empty()) {
    lang::keep_languages_with_key(configuration.compile_cfg, options.language_key, configuration.site.lang_config_dir,
                                  diagnostics);
  }
  add_lang_id_map(configuration, options.lang_id_map, diagnostics);
  add_heartbeat(configuration, options);
  configuration.local_cache = options.local_cache;
  diagnostics.throw_if_errors();
  configuration.compile_user = configuration.site.compile_user.value;
  configuration.recipes =
      std::make_unique<lang::RecipeBook>(configuration.compile_cfg, configuration.site,
                                         base_limits(configuration.settings, configuration.slots), diagnostics);
  return configuration;
}

jail::Limits base_limits(const config::Settings& settings, unsigned slots) {
  jail::Limits limits;
  limits.cpu_time = settings.cpu_time;
  limits.idle_time = settings.idle_time;
  limits.memory = static_cast<std::uint64_t>(settings.jail_memory(host_memory(), static_cast<int>(slots)));
  limits.processes = static_cast<std::uint32_t>(settings.processes);
  limits.open_files = static_cast<std::uint32_t>(settings.open_files);
  limits.log_stored = static_cast<std::uint64_t>(settings.log_limit);
  limits.log_drained = static_cast<std::uint64_t>(settings.log_drain_limit);
  return limits;
}

std::string program_path(const std::string& name) {
  const std::string own = own_program_path();
  const std::string beside = fmt::format("{}/{}", own.substr(0, own.rfind('/')), name);
  return ::access(beside.c_str(), X_OK) == 0 ? beside : fmt::format("{}/{}", build_info::server_bin_dir(), name);
}

jail::JailConfig jail_config(const Configuration& configuration, const Options& options) {
  jail::JailConfig config;
  config.mode = options.use_jail ? jail::Mode::full : jail::Mode::none;
  config.broker = program_path("ej-jail");
  if (options.use_jail) config.socket = configuration.settings.jail_socket;
  config.seccomp_log = configuration.settings.seccomp == config::SeccompMode::log;
  config.work_dir = configuration.work_dir;
  config.slots = configuration.slots;
  config.user_name = configuration.compile_user;
  config.first_uid = static_cast<uid_t>(configuration.settings.first_uid);
  config.cgroup_name = group_name(configuration, options.serial);
  config.visible = lang::visible_paths(configuration.site);
  for (const std::string& path : configuration.settings.visible) config.visible.push_back(path);
  return config;
}

namespace {

/// What only the command line says, where it says something.
std::string describe_options(const Configuration& configuration, const Options& options) {
  std::string heartbeat = "none";
  if (configuration.heartbeats && !configuration.site.spool_dir.value.empty()) {
    heartbeat = fmt::format("{}.PID, instance '{}', address '{}'", configuration.heartbeat_base,
                            configuration.instance_id, configuration.ip_address);
  }
  std::string text = fmt::format("; {:<18} {}\n", "heartbeat", heartbeat);
  const std::pair<const char*, const std::string*> rows[] = {{"key", &options.language_key},
                                                             {"lang_id_map", &options.lang_id_map},
                                                             {"local_cache", &options.local_cache},
                                                             {"halt_command", &options.halt_command},
                                                             {"reboot_command", &options.reboot_command}};
  for (const auto& [name, value] : rows) {
    text += fmt::format("; {:<18} {}\n", name, value->empty() ? "none" : *value);
  }
  return text;
}

}  // namespace

std::string describe(const Configuration& configuration, const Options& options) {
  const config::Site& site = configuration.site;
  const std::pair<const char*, const config::SitePath*> rows[] = {
      {"ejudge.xml", &site.ejudge_xml},
      {"settings", &site.settings},
      {"contests_home_dir", &site.contests_home_dir},
      {"compile_home_dir", &site.compile_home_dir},
      {"spool_dir", &site.spool_dir},
      {"local_dir", &site.local_dir},
      {"lang_config_dir", &site.lang_config_dir},
      {"script_dir", &site.script_dir},
      {"compile.cfg", &site.compile_cfg},
      {"primary_user", &site.primary_user},
      {"compile_user", &site.compile_user},
  };
  std::string text = "; where things are\n";
  for (const auto& [name, path] : rows) {
    text += path->origin.empty() ? fmt::format("; {:<18} none\n", name)
                                 : fmt::format("; {:<18} {}  ({})\n", name, path->value, path->origin);
  }
  text += fmt::format("; {:<18} {}\n; {:<18} {}\n; {:<18} {} of {} work\n", "queue", configuration.queue_id, "slots",
                      configuration.slots, "languages", configuration.recipes->available(),
                      configuration.recipes->all().size());
  return text + describe_options(configuration, options) + "\n" + config::print_settings(configuration.settings);
}

}  // namespace ejf::server
