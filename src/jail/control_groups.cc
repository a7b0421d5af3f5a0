// SPDX-License-Identifier: Apache-2.0
#include "jail/control_groups.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/files.h"
#include "jail/group_files.h"

namespace ejf::jail {

namespace {

constexpr std::size_t k_max_file = std::size_t{1} << 20;

bool may_write(const std::string& path) {
  return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

bool is_roots(const std::string& path) {
  struct stat st {};
  return ::stat(path.c_str(), &st) == 0 && st.st_uid == 0;
}

/// The v2 group that is to hold ours. A service has its own (and Delegate=yes); root in a login session does not, and
/// goes to the top instead. So does a broker of root's whose client is a user's own service: that user could raise what
/// limits the jobs. A broker that is started again finds itself in the leaf to which the first one moved it.
std::string choose_parent(const std::string& mount, std::string own) {
  const std::string leaf = std::string{"/"} + k_supervisor;
  if (own.ends_with(leaf)) own.resize(own.size() - leaf.size());
  if (own.empty()) return "/";
  if (::geteuid() == 0 && !(own.ends_with(".service") && is_roots(mount + own))) return "/";
  return own;
}

/// Empty when version 2 has no controllers here.
std::optional<GroupPlace> find_v2(const std::string& mount) {
  const std::string group = choose_parent(mount, v2_group(read_file("/proc/self/cgroup", k_max_file)));
  const std::string parent = mount + (group == "/" ? "" : group);
  // The top has what version 1 leaves; a group has what is given to it.
  auto has_controllers = [](const std::string& path) {
    const auto words = words_of(read_file(path + "/cgroup.controllers", k_max_file), " \n");
    auto has = [&](const char* word) { return std::find(words.begin(), words.end(), word) != words.end(); };
    return has("memory") && has("pids");
  };
  if (!has_controllers(mount)) return {};
  GroupPlace place;
  place.v2_parent = parent;
  if (!may_write(parent + "/cgroup.procs") || !may_write(parent)) {
    place.lack = parent + " is not ours to write";
    place.mend =
        "start with `systemd-run --user --scope -p Delegate=yes COMMAND`, or in a unit with Delegate=yes, or as root";
  } else if (!has_controllers(parent)) {
    place.lack = parent + " was not given the controllers memory and pids";
    place.mend = "in a systemd unit: Delegate=yes";
  } else {
    place.kind = GroupPlace::Kind::v2;
  }
  return place;
}

/// The v1 hierarchies have no delegation; groups at their top are found again by the next start from anywhere.
GroupPlace find_v1(const std::map<std::string, std::string>& points) {
  GroupPlace place;
  auto ours = [&](const char* controller) {
    return points.contains(controller) && may_write(points.at(controller)) ? points.at(controller) : std::string{};
  };
  place.v1 = {points.at("memory"), points.at("pids"), ours("cpu"), ours("cpuacct")};
  if (may_write(place.v1.memory) && may_write(place.v1.pids)) {
    place.kind = GroupPlace::Kind::v1;
  } else {
    place.lack = "those of version 1 are root's";
    place.mend = "start as root, or boot with systemd.unified_cgroup_hierarchy=1";
  }
  return place;
}

}  // namespace

GroupPlace find_group_place() {
  const auto points = mount_points(read_file("/proc/self/mountinfo", k_max_file));
  if (points.contains("")) {
    if (auto place = find_v2(points.at(""))) return *place;
  }
  if (points.contains("memory") && points.contains("pids")) return find_v1(points);
  GroupPlace place;
  place.lack = "memory and pids are mounted in no hierarchy";
  place.mend = "try `mount -t cgroup2 none /sys/fs/cgroup`";
  return place;
}

std::unique_ptr<ControlGroups> make_control_groups(const std::string& name, unsigned slots, bool boxes_in_memory,
                                                   std::vector<std::string>& warnings) {
  std::string reason;
  try {
    const GroupPlace place = find_group_place();
    if (place.kind == GroupPlace::Kind::v2) return make_groups_v2(place.v2_parent, name, slots);
    if (place.kind == GroupPlace::Kind::v1) return make_groups_v1(place.v1, name, slots, boxes_in_memory);
    reason = place.lack + "; " + place.mend;
  } catch (const Error& error) {
    reason = error.what();
  }
  warnings.push_back("no control group: memory and processes are limited by rlimits and a watchdog only (" + reason +
                     ")");
  return std::make_unique<ControlGroups>();
}

}  // namespace ejf::jail
