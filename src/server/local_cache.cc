// SPDX-License-Identifier: Apache-2.0
#include "server/local_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/text.h"

namespace ejf::server {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr mode_t k_directory_mode = 0770;
constexpr mode_t k_executable_mode = 0755;
constexpr std::size_t k_uuid_length = 36;
constexpr seconds k_longest_pause{600};
constexpr std::string_view k_stand_in =
    "#! /bin/sh\n"
    "# The program itself was kept on the host of the compile server (--local-cache), for the tests that run there.\n"
    "echo 'This file stands for a program that the compile server kept on its own host.' >&2\n"
    "exit 1\n";

/// <uuid><suffix>, or such a file that was never completed (AtomicFile): nothing else in the directory is ours.
bool is_ours(std::string_view name) {
  if (name.starts_with('.') && name.ends_with(".tmp")) name.remove_prefix(1);
  return name.size() >= k_uuid_length && Uuid::parse(name.substr(0, k_uuid_length));
}

}  // namespace

LocalCache::LocalCache(std::string directory, milliseconds age) : directory_(std::move(directory)), age_(age) {
  was_clock_set();  // from here on it is watched
  try {
    make_directory(directory_, k_directory_mode);
    const UniqueFd fd = open_directory(directory_);
    if (::faccessat(fd.get(), ".", R_OK | W_OK | X_OK, AT_EACCESS) != 0) throw SysError("use", directory_);
  } catch (const SysError& error) {
    throw Error(std::string{"--local-cache: "} + error.what());
  }
}

bool LocalCache::is_wanted(const packet::CompileRequest& request) {
  return request.enable_remote_cache > 0 && !request.judge_uuid.is_empty();
}

void LocalCache::keep(const Uuid& judge_uuid, const std::string& exe_sfx, int executable) const {
  const UniqueFd directory = open_directory(directory_);
  const std::string name = judge_uuid.text() + exe_sfx;
  AtomicFile file(directory.get(), name, k_executable_mode);
  if (::lseek(executable, 0, SEEK_SET) < 0) throw SysError("seek", "the executable");
  copy_all(executable, file.fd(), name);
  file.commit();
}

UniqueFd LocalCache::make_stand_in() {
  return make_memory_file("stand-in", k_stand_in);
}

std::string_view LocalCache::stand_in_text() {
  return k_stand_in;
}

/// By more than clocks are corrected by in passing.
bool LocalCache::was_clock_set() {
  constexpr seconds k_correction{60};
  const auto now = std::chrono::duration_cast<seconds>(Monotonic::now().time_since_epoch());
  const seconds clock = seconds{std::time(nullptr)} - now;
  const auto before = std::exchange(clock_, clock);
  return before && (clock - *before > k_correction || *before - clock > k_correction);
}

void LocalCache::clean() {
  const auto now = Monotonic::now();
  if (now < next_cleaning_) return;
  if (was_clock_set()) {
    log::warning("local cache: the clock was set; nothing is removed for {} s",
                 std::chrono::duration_cast<seconds>(age_).count());
    trusted_from_ = now + age_;
  }
  if (now >= trusted_from_) remove_old();
  next_cleaning_ = now + std::min<milliseconds>(k_longest_pause, age_ / 4);
}

void LocalCache::remove_old() const {
  const UniqueFd directory = open_directory(directory_);
  const auto too_old = std::time(nullptr) - std::chrono::duration_cast<seconds>(age_).count();
  for (const std::string& name : list_directory(directory.get())) {
    if (!is_ours(name)) continue;
    const auto info = try_stat_at(directory.get(), name);
    if (!info || !S_ISREG(info->st_mode) || info->st_mtime > too_old) continue;
    if (try_unlink_at(directory.get(), name)) log::info("local cache: {} removed, nobody fetched it", name);
  }
}

}  // namespace ejf::server
