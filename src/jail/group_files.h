// SPDX-License-Identifier: Apache-2.0
// The files of control groups, of both versions; for control_groups.cc and its two kinds of groups only.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"

namespace ejf::jail {

std::string read_at(int group, const char* name);
void write_at(int group, const char* name, const std::string& value);
/// False with errno set when it cannot be written.
bool try_write_at(int group, const char* name, const std::string& value);
/// A short file that stays open, from its start.
std::string read_again(int fd, const char* name);

std::vector<std::string> words_of(std::string_view text, std::string_view separators);
/// The number behind `key` in a file of lines "key number"; 0 when it is not there.
std::uint64_t keyed(const std::string& text, std::string_view key);

/// Where hierarchies are mounted: "" is v2, else the v1 controller. From the text of /proc/self/mountinfo.
std::map<std::string, std::string> mount_points(const std::string& mountinfo);
/// The group in the v2 hierarchy, "/" or "/a/b", from the text of /proc/self/cgroup.
std::string v2_group(const std::string& cgroup);

/// What all jobs together may use of the machine's memory: the rest is for who serves them, so that a number of jobs,
/// each within its own limit, do not make the kernel look for its victims among all processes.
std::uint64_t memory_for_jobs(std::uint64_t total);
std::uint64_t memory_of_machine();

/// A group of ours and one below it for each slot, in one hierarchy. What an earlier instance left is swept.
class SlotGroups {
 public:
  SlotGroups(const std::string& parent, std::string name, unsigned slots);
  ~SlotGroups();
  SlotGroups(const SlotGroups&) = delete;
  SlotGroups& operator=(const SlotGroups&) = delete;

  void make_slots();
  int top() const noexcept { return top_.get(); }
  int slot(unsigned n) const noexcept { return slots_[n].get(); }
  unsigned count() const noexcept { return static_cast<unsigned>(slots_.size()); }
  /// A fresh group in place of the old one, whose counters cannot be set back. False: it stays, something is in it.
  bool renew(unsigned n);

 private:
  bool is_ours() const;
  void make(unsigned n);

  UniqueFd parent_;
  std::string name_;
  UniqueFd top_;
  std::vector<UniqueFd> slots_;
};

}  // namespace ejf::jail
