// SPDX-License-Identifier: Apache-2.0
#include "server/process.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <csignal>
#include <cstdlib>

#include "base/error.h"
#include "base/files.h"

namespace ejf::server {

namespace {

void make_standard(int fd, int standard) {
  if (::dup2(fd, standard) < 0) throw SysError("dup2", "a standard descriptor");
}

void unblock_signals() {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace

void redirect_to_log(const std::string& path) {
  UniqueFd log = open_at(AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0600);
  UniqueFd null = open_at(AT_FDCWD, "/dev/null", O_RDWR);
  make_standard(null.get(), STDIN_FILENO);
  make_standard(log.get(), STDOUT_FILENO);
  make_standard(log.get(), STDERR_FILENO);
}

void go_to_background() {
  pid_t pid = ::fork();
  if (pid < 0) throw SysError("fork", "");
  if (pid > 0) ::_exit(0);
  if (::setsid() < 0) throw SysError("setsid", "");
}

std::optional<UserIds> try_find_user(const std::string& user) {
  const passwd* entry = ::getpwnam(user.c_str());
  if (entry == nullptr) return {};
  return UserIds{entry->pw_uid, entry->pw_gid, entry->pw_name, entry->pw_dir};
}

UserIds find_user(const std::string& user, const std::string& group) {
  auto ids = try_find_user(user);
  if (!ids) throw Error("there is no user '" + user + "'");
  if (!group.empty()) {
    const ::group* entry = ::getgrnam(group.c_str());
    if (entry == nullptr) throw Error("there is no group '" + group + "'");
    ids->gid = entry->gr_gid;
  }
  return *ids;
}

EffectiveUser::EffectiveUser(const UserIds& ids) {
  groups_.resize(static_cast<std::size_t>(::getgroups(0, nullptr)));
  if (::getgroups(static_cast<int>(groups_.size()), groups_.data()) < 0) throw SysError("getgroups", "");
  if (::initgroups(ids.name.c_str(), ids.gid) != 0) throw SysError("initgroups", ids.name);
  if (::setegid(ids.gid) != 0) throw SysError("setegid", ids.name);
  if (::seteuid(ids.uid) != 0) throw SysError("seteuid", ids.name);
}

EffectiveUser::~EffectiveUser() {
  // To be left as somebody else than root would show in the next step, which needs root.
  EJF_CHECK(::seteuid(0) == 0 && ::setegid(0) == 0 && ::setgroups(groups_.size(), groups_.data()) == 0);
}

std::vector<gid_t> groups_of(const UserIds& ids) {
  int count = 0;
  ::getgrouplist(ids.name.c_str(), ids.gid, nullptr, &count);
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  if (::getgrouplist(ids.name.c_str(), ids.gid, groups.data(), &count) < 0) throw Error("groups of " + ids.name);
  return groups;
}

void become(const UserIds& ids) {
  if (::initgroups(ids.name.c_str(), ids.gid) != 0) throw SysError("initgroups", ids.name);
  if (::setresgid(ids.gid, ids.gid, ids.gid) != 0) throw SysError("setgid", ids.name);
  if (::setresuid(ids.uid, ids.uid, ids.uid) != 0) throw SysError("setuid", ids.name);
  if (ids.uid != 0 && ::setuid(0) == 0) throw Error("the server could become root again");
  if (::prctl(PR_SET_DUMPABLE, 1) != 0) throw SysError("prctl", "PR_SET_DUMPABLE");
}

std::string own_program_path() {
  std::array<char, PATH_MAX> path{};
  ssize_t length = ::readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0) throw SysError("readlink", "/proc/self/exe");
  return {path.data(), static_cast<std::size_t>(length)};
}

void replace_process(const std::string& program, const std::vector<std::string>& argv) {
  std::vector<char*> pointers;
  pointers.reserve(argv.size() + 1);
  for (const std::string& argument : argv) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  unblock_signals();
  ::execv(program.c_str(), pointers.data());
  throw SysError("execute", program);
}

void replace_by_command(const std::string& command) {
  unblock_signals();
  for (int ignored : {SIGPIPE, SIGXFSZ}) static_cast<void>(std::signal(ignored, SIG_DFL));
  ::execlp(command.c_str(), command.c_str(), nullptr);
  throw SysError("execute", command);
}

}  // namespace ejf::server
