// SPDX-License-Identifier: Apache-2.0
#include "jail/admission.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <climits>
#include <iterator>
#include <string_view>

#include "base/error.h"
#include "base/text.h"

namespace ejf::jail {

namespace {

constexpr uid_t k_last_uid = 2'000'000'000;
constexpr std::size_t k_most_paths = 4096;
constexpr std::size_t k_longest_name = 200;
constexpr std::uint64_t k_most_bytes = std::uint64_t{1} << 60;
constexpr std::uint64_t k_most_log = std::uint64_t{128} << 20;  // what one message takes, with room to spare
constexpr std::chrono::milliseconds k_longest_time{std::chrono::hours{24 * 365}};

bool has_nul(const std::string& text) {
  return text.find('\0') != std::string::npos;
}

bool is_word(const std::string& text) {
  return is_plain_name(text) && text.size() <= k_longest_name && text.find(':') == std::string::npos;
}

/// No "..": what is made on the way to a mount point must lie in the view.
bool stays_inside(const std::string& path) {
  const auto parts = split(path, '/');
  return !has_nul(path) && path.size() < PATH_MAX && std::find(parts.begin(), parts.end(), "..") == parts.end();
}

bool is_path(const std::string& path) {
  return path.starts_with('/') && stays_inside(path);
}

bool are_texts(const std::vector<std::string>& texts) {
  return std::none_of(texts.begin(), texts.end(), has_nul);
}

/// Files whose content depends on who reads them: root must not read them for others.
bool is_of_the_kernel(int fd) {
  static constexpr std::array<unsigned long, 8> k_kinds{PROC_SUPER_MAGIC,    SYSFS_MAGIC,      DEBUGFS_MAGIC,
                                                        TRACEFS_MAGIC,       SECURITYFS_MAGIC, CGROUP_SUPER_MAGIC,
                                                        CGROUP2_SUPER_MAGIC, BPF_FS_MAGIC};
  struct statfs st {};
  if (::fstatfs(fd, &st) != 0) return true;
  const auto kind = static_cast<unsigned long>(st.f_type) & 0xffffffffUL;
  return std::find(k_kinds.begin(), k_kinds.end(), kind) != k_kinds.end();
}

bool is_content(const UniqueFd& fd) {
  struct stat st {};
  return !fd || (::fstat(fd.get(), &st) == 0 && S_ISREG(st.st_mode) && !is_of_the_kernel(fd.get()));
}

/// From one that is open, the job could go up to the host's root.
bool is_directory(const UniqueFd& fd) {
  struct stat st {};
  return fd && (::fstat(fd.get(), &st) != 0 || S_ISDIR(st.st_mode));
}

template <typename T>
struct Rule {
  const char* what;
  bool (*holds)(const T&, const AdminRules&);
};

template <typename T, std::size_t N>
std::string first_broken(const Rule<T> (&rules)[N], const T& value, const AdminRules& admin) {
  const auto* broken =
      std::find_if(std::begin(rules), std::end(rules), [&](const Rule<T>& rule) { return !rule.holds(value, admin); });
  return broken == std::end(rules) ? std::string{} : std::string{"not allowed: "} + broken->what;
}

using Config = JailConfig;
using Admin = AdminRules;

constexpr Rule<Config> k_config[] = {
    {"a mode that does not exist",
     [](const Config& c, const Admin&) { return c.mode == Mode::full || c.mode == Mode::none; }},
    {"no slots, or more than root allows",
     [](const Config& c, const Admin& a) { return c.slots >= 1 && c.slots <= a.slots; }},
    {"a user name that is none", [](const Config& c, const Admin&) { return is_word(c.user_name); }},
    {"a name of a control group that is none", [](const Config& c, const Admin&) { return is_word(c.cgroup_name); }},
    {"a user id that is no job's", [](const Config& c, const Admin&) { return c.first_uid <= k_last_uid; }},
    {"a working directory that is not absolute",
     [](const Config& c, const Admin&) { return c.mode == Mode::full || is_path(c.work_dir); }},
    {"too many visible paths", [](const Config& c, const Admin&) { return c.visible.size() <= k_most_paths; }},
    {"a visible path that is not absolute, or has '..'",
     [](const Config& c, const Admin&) { return std::all_of(c.visible.begin(), c.visible.end(), is_path); }},
    {"a system call filter that only logs (root sets seccomp_log in its file)",
     [](const Config& c, const Admin& a) { return !c.seccomp_log || a.seccomp_log != 0; }},
};

/// What only root may have.
constexpr Rule<Config> k_config_of_others[] = {
    {"another user to come", [](const Config& c, const Admin&) { return c.later == Rights{}; }},
    {"to run without a jail",
     [](const Config& c, const Admin& a) { return c.mode == Mode::full || !a.work_dir.empty(); }},
    {"to show '/'",
     [](const Config& c, const Admin&) {
       return std::none_of(c.visible.begin(), c.visible.end(),
                           [](const std::string& path) { return path.find_first_not_of("/.") == std::string::npos; });
     }},
};

constexpr Rule<BoxSpec> k_box[] = {
    {"a box that is larger than root allows",
     [](const BoxSpec& s, const Admin& a) { return s.bytes != 0 && s.bytes <= std::min(a.box_size, k_most_bytes); }},
    {"a box with more files than root allows",
     [](const BoxSpec& s, const Admin& a) { return s.inodes != 0 && s.inodes <= a.box_inodes; }},
};

constexpr Rule<FileOrder> k_file[] = {
    {"a name with a zero byte",
     [](const FileOrder& o, const Admin&) { return !has_nul(o.name) && !has_nul(o.target); }},
    {"a name that is too long", [](const FileOrder& o, const Admin&) { return o.name.size() < PATH_MAX; }},
    {"a time that is neither of the two",
     [](const FileOrder& o, const Admin&) { return o.time == FileTime::now || o.time == FileTime::of_content; }},
    {"a mode with other bits than rwx",
     [](const FileOrder& o, const Admin&) { return (o.mode & ~mode_t{07777}) == 0; }},
    {"content that is not a regular file of a disk or of memory",
     [](const FileOrder& o, const Admin&) { return is_content(o.content); }},
};

constexpr bool is_time(std::chrono::milliseconds time) {
  return time.count() >= 0 && time <= k_longest_time;
}

constexpr Rule<RunSpec> k_run[] = {
    {"an argument with a zero byte", [](const RunSpec& s, const Admin&) { return are_texts(s.argv); }},
    {"a variable with a zero byte", [](const RunSpec& s, const Admin&) { return are_texts(s.env); }},
    {"a working directory outside the box",
     [](const RunSpec& s, const Admin&) { return stays_inside(s.directory) && !s.directory.starts_with('/'); }},
    {"a time that is negative, or a year",
     [](const RunSpec& s, const Admin&) {
       return is_time(s.limits.real_time) && is_time(s.limits.cpu_time) && is_time(s.limits.idle_time);
     }},
    {"a directory as standard input", [](const RunSpec& s, const Admin&) { return !is_directory(s.standard_input); }},
    {"a limit that is no size",
     [](const RunSpec& s, const Admin&) {
       return std::max({s.limits.memory, s.limits.address_space, s.limits.stack, s.limits.file_size}) <= k_most_bytes;
     }},
    {"too many visible paths", [](const RunSpec& s, const Admin&) { return s.visible.size() <= k_most_paths; }},
    {"a visible path that is not absolute, or has '..'",
     [](const RunSpec& s, const Admin&) {
       return std::all_of(s.visible.begin(), s.visible.end(), [](const VisiblePath& v) { return is_path(v.path); });
     }},
    {"a wanted file with a zero byte",
     [](const RunSpec& s, const Admin&) {
       return std::none_of(s.outputs.begin(), s.outputs.end(), [](const WantedFile& w) { return has_nul(w.name); });
     }},
};

template <typename T>
void lower_to(T& limit, std::uint64_t most) {
  if (most != 0 && (limit == 0 || limit > most)) limit = static_cast<T>(most);
}

void refuse(const std::string& wrong) {
  if (!wrong.empty()) throw Error("the jail's configuration is refused: " + wrong);
}

}  // namespace

Admission admit(JailConfig config, Client client, AdminRules rules) {
  refuse(first_broken(k_config, config, rules));
  if (!client.is_trusted) {
    refuse(first_broken(k_config_of_others, config, rules));
    config.first_uid = rules.first_uid;
    config.work_dir = rules.work_dir;
    // The groups of that name are swept, with all that is in them.
    config.cgroup_name = "ejforge-uid" + std::to_string(client.rights.uid) + "-" + config.cgroup_name;
  }
  return {std::move(config), std::move(client), std::move(rules)};
}

Admission successor(const Admission& before) {
  Admission next{{}, before.client, before.rules};
  if (before.config.later.uid == 0 || !before.client.is_trusted) return next;
  next.client = {before.config.later, false};
  next.rules.first_uid = before.config.first_uid;
  next.rules.seccomp_log = before.config.seccomp_log ? 1 : 0;
  if (before.config.mode == Mode::none) next.rules.work_dir = before.config.work_dir;
  return next;
}

std::string wrong_with(const BoxSpec& spec, const AdminRules& rules) {
  return first_broken(k_box, spec, rules);
}

std::string wrong_with(const FileOrder& order) {
  return first_broken(k_file, order, {});
}

std::string wrong_with(const RunSpec& spec) {
  return first_broken(k_run, spec, {});
}

void lower(Limits& limits, const AdminRules& rules) {
  constexpr std::uint64_t k_ms = 1000;
  auto real_time = static_cast<std::uint64_t>(limits.real_time.count());
  lower_to(real_time, rules.seconds * k_ms);
  limits.real_time = std::chrono::milliseconds(real_time);
  lower_to(limits.memory, rules.memory);
  lower_to(limits.processes, rules.processes);
  lower_to(limits.open_files, rules.open_files);
  if (limits.log_stored > k_most_log) limits.log_stored = k_most_log;
}

std::size_t most_boxes(const JailConfig& config) noexcept {
  constexpr std::size_t k_some = 64;
  return k_some + std::size_t{8} * config.slots;
}

}  // namespace ejf::jail
