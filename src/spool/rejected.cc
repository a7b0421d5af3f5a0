// SPDX-License-Identifier: Apache-2.0
#include "spool/rejected.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "base/atomic_file.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault_point.h"
#include "base/files.h"
#include "base/temp_dir.h"
#include "base/text.h"
#include "base/uuid.h"
#include "spool/rename_new.h"

namespace ejf::spool {

namespace {

constexpr const char* k_directory = "rejected";
constexpr const char* k_why = ".why";
constexpr const char* k_src = ".src";
constexpr std::size_t k_max_id = 167;  // leaves room for a suffix and for the temporary names of AtomicFile
constexpr std::size_t k_max_why = 1U << 20;

/// FNV-1a: the same id for the same packet in every process, which std::hash does not promise.
std::uint64_t stable_hash(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

bool is_id(std::string_view id) noexcept {
  return is_plain_name(id) && id.find('.') == std::string_view::npos;
}

std::string id_of(const std::string& packet_name) {
  if (is_id(packet_name) && packet_name.size() <= k_max_id) return packet_name;
  std::string head = packet_name.substr(0, 100);
  std::replace_if(
      head.begin(), head.end(),
      [](char c) {
        return c == '.' || !is_plain_name({&c, 1});
      },
      '_');
  return fmt::format("{}~{:016x}", head, stable_hash(packet_name));
}

std::string format_why(const Rejection& rejection) {
  return fmt::format("packet: {}\nsuffix: {}\ntime: {}\nreason: {}\n", rejection.packet_name, rejection.suffix,
                     format_utc(WallTime::now()), rejection.reason);
}

/// The value of the line `key: value` at the start of `text`, which moves behind it; empty if it is another line.
std::optional<std::string> take_line(std::string_view& text, std::string_view key) {
  auto end = text.find('\n');
  if (end == std::string_view::npos || !text.starts_with(key)) return {};
  std::string value{text.substr(key.size(), end - key.size())};
  text.remove_prefix(end + 1);
  return value;
}

/// What a person has edited beyond recognition is all reason and has no name.
void parse_why(std::string_view text, RejectedEntry& entry) {
  const std::string_view whole = text;
  auto name = take_line(text, "packet: ");
  auto suffix = take_line(text, "suffix: ");
  auto time = take_line(text, "time: ");
  constexpr std::string_view k_reason = "reason: ";
  if (!name || !suffix || !time || !text.starts_with(k_reason)) {
    entry.rejection.reason = whole;
    return;
  }
  text.remove_prefix(k_reason.size());
  if (text.ends_with('\n')) text.remove_suffix(1);
  entry.rejection = {*name, *suffix, std::string{text}};
  entry.time = *time;
}

void move_file(int from_dir, const std::string& from, int to_dir, const std::string& to) {
  try {
    try_rename_at(from_dir, from, to_dir, to);
  } catch (const SysError& e) {
    if (e.code() != EXDEV) throw;
    // src is a link to another disk.
    auto source = try_open_at(from_dir, from, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (!source) return;
    struct stat info = stat_fd(source->get(), from);
    if (!S_ISREG(info.st_mode)) throw Error(from + ": not a regular file");
    AtomicFile copy(to_dir, to, info.st_mode & 0777);
    copy_all(source->get(), copy.fd(), to);
    copy.commit();
    try_unlink_at(from_dir, from);
  }
}

}  // namespace

Rejected::Rejected(const std::string& base)
    : queue_(open_directory(base + "/queue")),
      dir_(open_directory(base + "/queue/dir")),
      src_(open_directory(base + "/src")) {}

int Rejected::directory() const {
  if (!rejected_) rejected_ = open_directory_at(queue_.get(), k_directory);
  return rejected_.get();
}

std::string Rejected::free_id(const std::string& packet_name) const {
  std::string id = id_of(packet_name);
  while (try_stat_at(directory(), id)) id = fmt::format("{}~{:016x}", id_of(packet_name), random_u64());
  return id;
}

std::string Rejected::keep(int directory, const std::string& file, const Rejection& rejection) {
  if (make_directory_at(queue_.get(), k_directory, 0770)) rejected_.reset();
  std::string id = free_id(rejection.packet_name);
  AtomicFile why(this->directory(), id + k_why, 0640);
  why.write(format_why(rejection));
  why.commit();
  EJF_FAULT_POINT("reason-kept");
  keep_source(rejection, id);
  EJF_FAULT_POINT("source-kept");
  rename_at(directory, file, this->directory(), id);
  EJF_FAULT_POINT("packet-kept");
  return id;
}

void Rejected::keep_source(const Rejection& rejection, const std::string& id) {
  const std::string name = rejection.packet_name + rejection.suffix;
  if (!is_plain_suffix(rejection.suffix) || name.size() > 255) return;
  move_file(src_.get(), name, directory(), id + k_src);
}

std::vector<RejectedEntry> Rejected::list() const {
  std::vector<RejectedEntry> entries;
  if (!try_stat_at(queue_.get(), k_directory)) return entries;
  for (const std::string& name : list_directory(directory())) {
    if (auto entry = find(name)) entries.push_back(std::move(*entry));
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return entries;
}

std::optional<RejectedEntry> Rejected::find(const std::string& id) const {
  if (!is_id(id) || !try_stat_at(queue_.get(), k_directory)) return {};
  auto packet = try_stat_at(directory(), id);
  if (!packet) return {};
  RejectedEntry entry;
  entry.id = id;
  entry.packet_size = static_cast<std::uint64_t>(packet->st_size);
  entry.has_source = try_stat_at(directory(), id + k_src).has_value();
  if (auto why = try_read_regular_at(directory(), id + k_why, k_max_why)) parse_why(*why, entry);
  return entry;
}

std::string Rejected::read_packet(const std::string& id, std::size_t limit) const {
  std::optional<std::string> data;
  if (find(id)) data = try_read_regular_at(directory(), id, limit);
  if (!data) throw Error("no rejected packet " + id);
  return std::move(*data);
}

bool Rejected::retry(const std::string& id) {
  auto entry = find(id);
  if (!entry) return false;
  const auto& [name, suffix, reason] = entry->rejection;
  if (!is_plain_name(name) || !is_plain_suffix(suffix)) throw Error(id + ": its name is not known");
  if (try_stat_at(dir_.get(), name)) throw Error(name + ": a packet of this name waits already");
  // Source first, as a client does: whoever sees the packet must find it.
  move_file(directory(), id + k_src, src_.get(), name + suffix);
  if (rename_new(directory(), id, dir_.get(), name) == RenameResult::target_exists) {
    throw Error(name + ": a packet of this name waits already");
  }
  try_unlink_at(directory(), id + k_why);
  return true;
}

bool Rejected::drop(const std::string& id) {
  if (!find(id)) return false;
  // A tree: what was claimed as a packet may have been swapped for a directory.
  for (const char* part : {k_src, k_why, ""}) remove_tree_at(directory(), id + part);
  return true;
}

}  // namespace ejf::spool
