// SPDX-License-Identifier: Apache-2.0
// Small file operations by directory descriptor. All throw SysError unless their name begins with try_.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"

namespace ejf {

/// openat with O_CLOEXEC added. `dir` may be AT_FDCWD.
UniqueFd open_at(int dir, const std::string& name, int flags, mode_t mode = 0);
/// The same, but empty when the name does not exist (ENOENT).
std::optional<UniqueFd> try_open_at(int dir, const std::string& name, int flags);
/// Opens an existing directory for use with the *at calls.
UniqueFd open_directory(const std::string& path);
UniqueFd open_directory_at(int dir, const std::string& name);

/// mkdir with exactly this mode, whatever the umask is. Nothing happens if it exists already; true if it was made.
bool make_directory(const std::string& path, mode_t mode);
bool make_directory_at(int dir, const std::string& name, mode_t mode);
/// With all that is missing above it. Modes are exact, also above.
void make_directories(const std::string& path, mode_t mode);

/// Reads to the end; throws Error when there are more than `limit` bytes.
std::string read_all(int fd, std::size_t limit, std::string_view what);
std::string read_file(const std::string& path, std::size_t limit);
/// A spool file: opened O_NOFOLLOW|O_NONBLOCK, must be a regular file of at most `limit` bytes. Empty on ENOENT.
std::optional<std::string> try_read_regular_at(int dir, const std::string& name, std::size_t limit);

void write_all(int fd, std::string_view data, std::string_view what);
/// Creates or truncates `name` with exactly this mode. Does not follow a link.
void write_file_at(int dir, const std::string& name, std::string_view data, mode_t mode);

/// Copies the rest of `from` to `to` inside the kernel where it can; returns the number of bytes.
std::uint64_t copy_all(int from, int to, std::string_view what);

/// An anonymous file in memory that holds `data`, positioned at its start.
UniqueFd make_memory_file(const char* name, std::string_view data);

void rename_at(int from_dir, const std::string& from, int to_dir, const std::string& to);
/// False when the source does not exist.
bool try_rename_at(int from_dir, const std::string& from, int to_dir, const std::string& to);
/// False when the name does not exist.
bool try_unlink_at(int dir, const std::string& name);

/// Names in a directory but "." and "..", in no order.
std::vector<std::string> list_directory(int dir);

struct stat stat_fd(int fd, std::string_view what);
/// lstat; empty on ENOENT.
std::optional<struct stat> try_stat_at(int dir, const std::string& name);

}  // namespace ejf
