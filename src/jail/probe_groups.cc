// SPDX-License-Identifier: Apache-2.0
#include "jail/probe_groups.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "base/files.h"
#include "jail/control_groups.h"

namespace ejf::jail {

namespace {

constexpr std::size_t k_max_file = std::size_t{1} << 20;

/// `probe` of the place, unless that cannot be found out.
template <typename Probe>
Finding about_place(Probe probe) {
  try {
    return probe(find_group_place());
  } catch (const Error& error) {
    return {Presence::unknown, error.what(), ""};
  }
}

/// In any group but the root of a hierarchy, where the kernel has none of these files.
bool has_group_file(const std::string& group, const std::string& name) {
  if (::access((group + "/" + name).c_str(), F_OK) == 0) return true;
  UniqueFd directory = open_directory(group);
  const auto entries = list_directory(directory.get());
  return std::any_of(entries.begin(), entries.end(), [&](const std::string& entry) {
    return ::faccessat(directory.get(), (entry + "/" + name).c_str(), F_OK, 0) == 0;
  });
}

bool has_group_below(const std::string& group) {
  return has_group_file(group, "cgroup.type");
}

Finding file_of_v2(const GroupPlace& place, const char* name, const char* mend) {
  if (place.kind != GroupPlace::Kind::v2) return {Presence::unknown, "only v2 has it", ""};
  if (!has_group_below(place.v2_parent)) return {Presence::unknown, "no group to look into", ""};
  if (has_group_file(place.v2_parent, name)) return {};
  return {Presence::missing, "not in the groups of " + place.v2_parent, mend};
}

bool has_swap() {
  const std::string text = read_file("/proc/swaps", k_max_file);
  return std::count(text.begin(), text.end(), '\n') > 1;  // below its head
}

}  // namespace

Finding probe_groups(bool /*root*/) {
  return about_place([](const GroupPlace& place) -> Finding {
    if (place.kind == GroupPlace::Kind::v2) return {Presence::there, "v2 at " + place.v2_parent, ""};
    if (place.kind == GroupPlace::Kind::none) return {Presence::missing, place.lack, place.mend};
    return {Presence::there, std::string{"v1 (memory, pids"} + (place.v1.cpu.empty() ? ")" : ", cpu)"), ""};
  });
}

Finding probe_swap_limit(bool /*root*/) {
  return about_place([](const GroupPlace& place) -> Finding {
    if (!has_swap()) return {Presence::there, "there is no swap", ""};
    if (place.kind == GroupPlace::Kind::none) return {Presence::unknown, "no control group limits memory", ""};
    const bool v1 = place.kind == GroupPlace::Kind::v1;
    const std::string group = v1 ? place.v1.memory : place.v2_parent;
    const char* name = v1 ? "memory.memsw.limit_in_bytes" : "memory.swap.max";
    if (has_group_file(group, name)) return {};
    return {Presence::missing, std::string{"no "} + name, "boot with swapaccount=1, or swapoff -a"};
  });
}

Finding probe_group_kill(bool /*root*/) {
  return about_place(
      [](const GroupPlace& place) { return file_of_v2(place, "cgroup.kill", "boot Linux 5.14 or newer"); });
}

Finding probe_memory_peak(bool /*root*/) {
  return about_place([](const GroupPlace& place) {
    if (place.kind == GroupPlace::Kind::v1) return Finding{Presence::there, "v1's memory.max_usage_in_bytes", ""};
    return file_of_v2(place, "memory.peak", "boot Linux 5.19 or newer");
  });
}

}  // namespace ejf::jail
