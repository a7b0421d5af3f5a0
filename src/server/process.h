// SPDX-License-Identifier: Apache-2.0
// What a daemon does to its own process: log file, background, user. Throws SysError or Error.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace ejf::server {

/// Opens the log (append, created 0600) and makes it standard output and standard error. Standard input is /dev/null.
void redirect_to_log(const std::string& path);

/// fork, setsid; the parent exits 0. Call it before any thread or child exists.
void go_to_background();

struct UserIds {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string name;
  std::string home;
};

/// Throws Error when there is no such user or group. An empty group is the user's own.
UserIds find_user(const std::string& user, const std::string& group);

/// Empty when the system has no such user.
std::optional<UserIds> try_find_user(const std::string& user);

/// What become() makes the supplementary groups.
std::vector<gid_t> groups_of(const UserIds& ids);

/// Supplementary groups, gid, uid, in this order and for good; the process stays dumpable, because ejudge's control
/// program recognises it by reading /proc/PID/exe.
void become(const UserIds& ids);

/// Acts as this user as long as it lives, and as root again afterwards. Throws Error.
class EffectiveUser {
 public:
  explicit EffectiveUser(const UserIds& ids);
  EffectiveUser(const EffectiveUser&) = delete;
  EffectiveUser& operator=(const EffectiveUser&) = delete;
  ~EffectiveUser();

 private:
  std::vector<gid_t> groups_;
};

/// Path of the running program, to be taken at start: after an upgrade /proc/self/exe names a deleted file.
std::string own_program_path();

/// execv of `program`; returns only by throwing.
[[noreturn]] void replace_process(const std::string& program, const std::vector<std::string>& argv);

/// The same with a command without arguments, found through PATH, which gets the signals as a fresh process has them.
[[noreturn]] void replace_by_command(const std::string& command);

}  // namespace ejf::server
