// SPDX-License-Identifier: Apache-2.0
#include "jail/id_range.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <vector>

#include "base/child.h"
#include "base/error.h"
#include "base/files.h"
#include "base/text.h"

namespace ejf::jail {

namespace {

constexpr std::size_t k_max_file = std::size_t{16} << 20;
constexpr const char* k_mappers[] = {"/usr/bin/newuidmap", "/usr/bin/newgidmap"};

std::optional<unsigned> parse_id(std::string_view text) {
  unsigned id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return {};
  return id;
}

std::string name_of(uid_t uid) {
  const std::string passwd = read_file("/etc/passwd", k_max_file);
  for (std::string_view line : split(passwd, '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() >= 3 && parse_id(fields[2]) == uid) return std::string{fields[0]};
  }
  return {};
}

std::optional<unsigned> find_range_in(const char* file, const std::string& name, unsigned count, std::string& missing) {
  auto fd = try_open_at(AT_FDCWD, file, O_RDONLY);
  std::optional<unsigned> first;
  if (fd) first = find_range(read_all(fd->get(), k_max_file, file), name, ::getuid(), count);
  if (!first && missing.empty()) {
    missing = std::string{file} + " has no range of " + std::to_string(count) + " ids for user " +
              (name.empty() ? std::to_string(::getuid()) : name);
  }
  return first;
}

/// In a child that was made before the namespace, because the mappers have no rights inside it. Reads one byte when
/// the namespace is there; its exit code is 0 when both maps are written.
[[noreturn]] void write_maps(int ready, pid_t broker, const std::vector<std::string> (&maps)[2]) {
  char byte = 0;
  if (::read(ready, &byte, 1) != 1) ::_exit(1);
  for (std::size_t i = 0; i < std::size(k_mappers); ++i) {
    ChildSpec spec;
    spec.program = k_mappers[i];
    spec.argv = {k_mappers[i], std::to_string(broker)};
    spec.argv.insert(spec.argv.end(), maps[i].begin(), maps[i].end());
    spec.fds = {{STDERR_FILENO, STDERR_FILENO}};
    try {
      if (Child(spec).wait() != 0) ::_exit(1);
    } catch (const Error&) {
      ::_exit(1);
    }
  }
  ::_exit(0);
}

std::vector<std::string> map_of(uid_t own_inside, uid_t own, uid_t first_inside, unsigned first, unsigned count) {
  std::vector<std::string> map;
  for (unsigned number : {own_inside, own, 1U, first_inside, first, count}) map.push_back(std::to_string(number));
  return map;
}

}  // namespace

std::optional<unsigned> find_range(std::string_view text, std::string_view name, uid_t uid, unsigned count) {
  for (std::string_view line : split(text, '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() != 3 || fields[0].empty()) continue;
    if (fields[0] != name && parse_id(fields[0]) != uid) continue;
    const auto first = parse_id(fields[1]);
    const auto size = parse_id(fields[2]);
    if (first && size && *first != 0 && *size >= count) return first;
  }
  return {};
}

std::optional<IdRanges> find_id_ranges(unsigned count, std::string& missing) {
  for (const char* mapper : k_mappers) {
    if (::access(mapper, X_OK) == 0) continue;
    missing = std::string{"there is no "} + mapper + " (package uidmap)";
    return {};
  }
  const std::string name = name_of(::getuid());
  const auto uids = find_range_in("/etc/subuid", name, count, missing);
  const auto gids = find_range_in("/etc/subgid", name, count, missing);
  if (!uids || !gids) return {};
  return IdRanges{*uids, *gids};
}

void enter_user_namespace_with(const IdRanges& ranges, uid_t own, uid_t first, unsigned count) {
  const std::vector<std::string> maps[2] = {map_of(own, ::geteuid(), first, ranges.first_uid, count),
                                            map_of(own, ::getegid(), first, ranges.first_gid, count)};
  Pipe ready = make_pipe();
  const pid_t broker = ::getpid();
  const pid_t mapper = ::fork();
  if (mapper < 0) throw SysError("fork", "for newuidmap");
  if (mapper == 0) {
    ready.write_end.reset();
    write_maps(ready.read_end.get(), broker, maps);
  }
  const bool entered = ::unshare(CLONE_NEWUSER) == 0;
  const int error = errno;
  if (entered) write_all(ready.write_end.get(), "x", "newuidmap's pipe");
  ready.write_end.reset();
  int status = 0;
  while (::waitpid(mapper, &status, 0) < 0 && errno == EINTR) {
  }
  if (!entered) throw SysError("unshare", "user namespace", error);
  if (status != 0) throw Error("newuidmap or newgidmap refused the ids that /etc/subuid and /etc/subgid give");
}

}  // namespace ejf::jail
