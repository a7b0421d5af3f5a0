// SPDX-License-Identifier: Apache-2.0
#include "base/child.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "base/error.h"

namespace ejf {

namespace {

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> out;
  out.reserve(strings.size() + 1);
  for (const auto& s : strings) out.push_back(const_cast<char*>(s.c_str()));
  out.push_back(nullptr);
  return out;
}

/// Owns the two objects that posix_spawn takes its orders from.
class SpawnOrders {
 public:
  explicit SpawnOrders(const ChildSpec& spec) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    sigset_t all;
    sigset_t none;
    ::sigfillset(&all);
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    int flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    if (spec.own_process_group) flags |= POSIX_SPAWN_SETPGROUP;
    ::posix_spawnattr_setflags(&attributes_, static_cast<short>(flags));
    add_files(spec);
  }
  SpawnOrders(const SpawnOrders&) = delete;
  SpawnOrders& operator=(const SpawnOrders&) = delete;
  ~SpawnOrders() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  const posix_spawn_file_actions_t* actions() const noexcept { return &actions_; }
  const posix_spawnattr_t* attributes() const noexcept { return &attributes_; }

 private:
  void add_files(const ChildSpec& spec) {
    int highest = 2;
    for (auto [from, to] : spec.fds) highest = std::max({highest, from, to});
    for (int standard = 0; standard <= 2; ++standard) {
      bool named = std::any_of(spec.fds.begin(), spec.fds.end(), [&](auto pair) { return pair.second == standard; });
      if (!named) ::posix_spawn_file_actions_addopen(&actions_, standard, "/dev/null", O_RDWR, 0);
    }
    // First out of the way of all targets, then to the targets: no order of dup2 calls can clobber a source.
    int parking = highest + 1;
    for (auto [from, to] : spec.fds) ::posix_spawn_file_actions_adddup2(&actions_, from, parking++);
    parking = highest + 1;
    for (auto [from, to] : spec.fds) ::posix_spawn_file_actions_adddup2(&actions_, parking++, to);
    int last = 2;
    for (auto [from, to] : spec.fds) last = std::max(last, to);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, last + 1);
    if (!spec.directory.empty()) ::posix_spawn_file_actions_addchdir_np(&actions_, spec.directory.c_str());
  }

  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace

Child::Child(const ChildSpec& spec) : group_(spec.own_process_group) {
  auto argv = pointers(spec.argv);
  auto env = pointers(spec.env);
  SpawnOrders orders(spec);
  int err = ::posix_spawn(&pid_, spec.program.c_str(), orders.actions(), orders.attributes(), argv.data(), env.data());
  if (err != 0) {
    pid_ = -1;
    throw SysError("start", spec.program, err);
  }
  pidfd_.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  if (!pidfd_) {
    int saved = errno;
    end();
    throw SysError("pidfd_open", spec.program, saved);
  }
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), group_(other.group_), pidfd_(std::move(other.pidfd_)) {}

Child& Child::operator=(Child&& other) noexcept {
  if (this != &other) {
    end();
    pid_ = std::exchange(other.pid_, -1);
    group_ = other.group_;
    pidfd_ = std::move(other.pidfd_);
  }
  return *this;
}

Child::~Child() {
  end();
}

void Child::kill(int signal) const noexcept {
  if (pid_ > 0) ::kill(group_ ? -pid_ : pid_, signal);
}

int Child::wait() {
  EJF_CHECK(pid_ > 0);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0) {
    if (errno != EINTR) throw SysError("wait", "for a child process");
  }
  pid_ = -1;
  return status;
}

void Child::end() noexcept {
  if (pid_ <= 0) return;
  kill(SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

bool process_exists(pid_t pid) noexcept {
  return pid > 0 && (::kill(pid, 0) == 0 || errno != ESRCH);
}

std::vector<std::string> current_environment() {
  std::vector<std::string> env;
  for (char** entry = environ; *entry != nullptr; ++entry) env.emplace_back(*entry);
  return env;
}

}  // namespace ejf
