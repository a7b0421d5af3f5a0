// SPDX-License-Identifier: Apache-2.0
// What root lets other users ask of a privileged broker: /etc/ejforge/ej-jail.conf, or the defaults below.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace ejf::jail {

inline constexpr const char* k_admin_file = "/etc/ejforge/ej-jail.conf";

/// 0 means "no limit" for those of a run: its own limits are lowered to these.
struct AdminRules {
  std::vector<uid_t> users;    ///< who may ask; root always may
  std::uint64_t brokers = 64;  ///< of one user at one time
  uid_t first_uid = 70000;     ///< of the jobs
  std::uint64_t slots = 64;    ///< of one client
  std::uint64_t box_size = std::uint64_t{16} << 30;
  std::uint64_t box_inodes = 10'000'000;
  std::uint64_t memory = 0;
  std::uint64_t processes = 0;
  std::uint64_t open_files = 0;
  std::uint64_t seconds = 0;      ///< real time of a run
  std::uint64_t seccomp_log = 0;  ///< 1: a client may ask for a filter that only logs
  /// Where boxes may be without a jail, which only root may ask for; not in the file.
  std::string work_dir{};

  /// For root itself.
  static AdminRules of_root();
};

/// The file, or the defaults when there is none. Throws Error with every line that is wrong, and when others than root
/// could have written the file. Users are looked up in /etc/passwd alone: those of a directory service are given by
/// their numbers.
AdminRules load_admin_rules();

/// `passwd` is the text of /etc/passwd; `users` is who may ask where the text does not say.
AdminRules parse_admin_rules(std::string_view text, std::string_view passwd, std::string_view users);

}  // namespace ejf::jail
