// SPDX-License-Identifier: Apache-2.0
#include "jail/uid_lease.h"

#include <optional>

#include "base/error.h"
#include "base/files.h"

namespace ejf::jail {

namespace {

constexpr const char* k_directory = "/run/ejforge";
constexpr uid_t k_most_tried = 4096;

std::optional<UniqueFd> open_locks(std::string& warning) {
  try {
    make_directory(k_directory, 0755);  // the socket for brokers lies there too
    return open_directory(k_directory);
  } catch (const SysError& error) {
    warning = std::string{"other servers of this machine may use the same user ids for jobs: "} + error.what();
    return {};
  }
}

}  // namespace

UidLease::UidLease(uid_t first, unsigned count, std::string& warning) : first_(first) {
  const auto directory = open_locks(warning);
  if (!directory) return;
  for (; first_ - first < k_most_tried; ++first_) {
    if (try_take(directory->get(), first_, count)) return;
  }
  throw Error("no user ids are free for jobs from " + std::to_string(first) + " on");
}

std::optional<FileLock> take_place(uid_t user, std::uint64_t most) {
  std::string warning;
  const auto directory = open_locks(warning);
  if (!directory) return {};
  for (std::uint64_t i = 0; i < most; ++i) {
    auto lock = FileLock::try_lock(directory->get(), "client-" + std::to_string(user) + "-" + std::to_string(i));
    if (lock) return lock;
  }
  throw Error("user " + std::to_string(user) + " has " + std::to_string(most) +
              " jails already, as many as root allows");
}

bool UidLease::try_take(int directory, uid_t first, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    auto lock = FileLock::try_lock(directory, "uid-" + std::to_string(first + i));
    if (!lock) {
      locks_.clear();
      return false;
    }
    locks_.push_back(std::move(*lock));
  }
  return true;
}

}  // namespace ejf::jail
