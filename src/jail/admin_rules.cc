// SPDX-License-Identifier: Apache-2.0
// Read by a static program that is root: so no getpwnam, which would load the machine's name service modules into it.
#include "jail/admin_rules.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <iterator>
#include <optional>

#include "base/build_info.h"
#include "base/error.h"
#include "base/files.h"
#include "base/text.h"

namespace ejf::jail {

namespace {

constexpr std::size_t k_max_file = std::size_t{64} << 10;
constexpr std::size_t k_max_passwd = std::size_t{64} << 20;
constexpr std::uint64_t k_most = std::numeric_limits<std::int64_t>::max();

struct Key {
  std::string_view name;
  std::uint64_t AdminRules::*member;
  std::uint64_t most;
};
constexpr Key k_keys[] = {
    {"brokers", &AdminRules::brokers, 4096},
    {"slots", &AdminRules::slots, 4096},
    {"box_size", &AdminRules::box_size, k_most},
    {"box_inodes", &AdminRules::box_inodes, k_most},
    {"memory", &AdminRules::memory, k_most},
    {"processes", &AdminRules::processes, std::numeric_limits<std::uint32_t>::max()},
    {"open_files", &AdminRules::open_files, std::numeric_limits<std::uint32_t>::max()},
    {"seconds", &AdminRules::seconds, 1'000'000'000},
    {"seccomp_log", &AdminRules::seccomp_log, 1},
};
constexpr uid_t k_least_uid = 1000;
constexpr uid_t k_last_uid = 2'000'000'000;

std::optional<uid_t> parse_uid(std::string_view text) {
  uid_t uid = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), uid);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return {};
  return uid;
}

std::optional<uid_t> find_user(std::string_view name, std::string_view passwd) {
  for (std::string_view line : split(passwd, '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() >= 3 && !fields[0].empty() && fields[0] == name) return parse_uid(fields[2]);
  }
  return {};
}

class Parser {
 public:
  explicit Parser(std::string_view passwd) : passwd_(passwd) {}

  void read(std::string_view line) {
    line = trim(line.substr(0, line.find('#')));
    if (line.empty()) return;
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return complain("no '='", line);
    set(trim(line.substr(0, equals)), trim(line.substr(equals + 1)));
  }

  /// Without `must_be_known` a user that this machine does not have is left out.
  void set_users(std::string_view text, bool must_be_known) {
    rules_.users.clear();
    for (std::string_view name : split(text, ' ')) {
      if (name.empty()) continue;
      auto uid = find_user(name, passwd_);
      if (!uid) uid = parse_uid(name);
      if (uid) rules_.users.push_back(*uid);
      if (!uid && must_be_known) complain("no such user in /etc/passwd (give the number of another)", name);
    }
  }

  AdminRules take() {
    if (!complaints_.empty()) throw Error(complaints_);
    return std::move(rules_);
  }

 private:
  void set(std::string_view name, std::string_view value) {
    if (name == "users") return set_users(value, true);
    if (name == "first_uid") {
      const auto uid = parse_uid(value);
      if (!uid || *uid < k_least_uid || *uid > k_last_uid) return complain("not a user id for jobs", value);
      rules_.first_uid = *uid;
      return;
    }
    const Key* key = std::find_if(std::begin(k_keys), std::end(k_keys), [&](const Key& k) { return k.name == name; });
    if (key == std::end(k_keys)) return complain("unknown key", name);
    const auto number = parse_size(value);
    if (!number || *number < 0 || static_cast<std::uint64_t>(*number) > key->most) return complain("bad value", value);
    rules_.*key->member = static_cast<std::uint64_t>(*number);
  }

  void complain(std::string_view what, std::string_view where) {
    complaints_.append(complaints_.empty() ? "" : "\n").append(k_admin_file).append(": ").append(what);
    complaints_.append(": '").append(where).append("'");
  }

  std::string_view passwd_;
  AdminRules rules_;
  std::string complaints_;
};

void check_owner(const struct stat& st, const char* path) {
  if (st.st_uid == 0 && (st.st_mode & (S_IWGRP | S_IWOTH)) == 0) return;
  throw Error(std::string{path} + ": must belong to root, and nobody else may write to it");
}

std::string read_admin_file() {
  const std::string directory = std::string{k_admin_file}.substr(0, std::string_view{k_admin_file}.rfind('/'));
  UniqueFd file{::open(k_admin_file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  if (!file && errno == ENOENT) return {};
  if (!file) throw SysError("open", k_admin_file);
  check_owner(stat_fd(open_directory(directory).get(), directory), directory.c_str());
  check_owner(stat_fd(file.get(), k_admin_file), k_admin_file);
  return read_all(file.get(), k_max_file, k_admin_file);
}

}  // namespace

AdminRules AdminRules::of_root() {
  AdminRules rules;
  rules.slots = 4096;
  rules.box_size = rules.box_inodes = k_most;
  rules.seccomp_log = 1;
  return rules;
}

AdminRules load_admin_rules() {
  std::string users{build_info::primary_user()};
  users.append(" ").append(build_info::compile_user());
  return parse_admin_rules(read_admin_file(), read_file("/etc/passwd", k_max_passwd), users);
}

AdminRules parse_admin_rules(std::string_view text, std::string_view passwd, std::string_view users) {
  Parser parser(passwd);
  parser.set_users(users, false);
  for (std::string_view line : split(text, '\n')) parser.read(line);
  return parser.take();
}

}  // namespace ejf::jail
