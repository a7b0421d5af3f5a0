// SPDX-License-Identifier: Apache-2.0
#include "jail/sweeper.h"

#include <linux/close_range.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>

#include "base/error.h"
#include "base/temp_dir.h"

namespace ejf::jail {

namespace {

void obey(Sweeper::Order order, const std::string& path) noexcept {
  try {
    if (order == Sweeper::Order::remove_tree) return remove_tree(path);
    ::umount2(path.c_str(), MNT_DETACH);
    ::rmdir(path.c_str());
  } catch (const Error&) {
    // It stays; nobody here could do better.
  }
}

/// The channel alone is kept: an end of the server's socket in here would outlive the broker's.
[[noreturn]] void serve(int channel, pid_t broker) noexcept {
  constexpr unsigned k_first_other = 3;
  const auto kept = static_cast<unsigned>(channel);
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != broker) ::_exit(1);
  if (kept > k_first_other) ::close_range(k_first_other, kept - 1, 0);
  ::close_range(kept + 1, ~0U, 0);
  // Who sends an order goes on at once, on its processor.
  constexpr sched_param k_no_priority{0};
  ::sched_setscheduler(0, SCHED_BATCH, &k_no_priority);
  std::array<char, PATH_MAX + 1> message{};
  for (;;) {
    const ssize_t n = ::recv(channel, message.data(), message.size(), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 1) ::_exit(0);
    obey(static_cast<Sweeper::Order>(message[0]), std::string(message.data() + 1, static_cast<std::size_t>(n) - 1));
  }
}

}  // namespace

Sweeper::Sweeper() {
  auto [ours, theirs] = make_socket_pair(SOCK_SEQPACKET);
  const pid_t broker = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) {
    ours.reset();
    serve(theirs.get(), broker);
  }
  if (pid_ < 0) throw SysError("fork", "sweeper");
  channel_ = std::move(ours);
}

void Sweeper::sweep(Order order, const std::string& path) noexcept {
  std::string message{static_cast<char>(order)};
  message += path;
  if (channel_ && ::send(channel_.get(), message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0) return;
  obey(order, path);
}

void Sweeper::finish() noexcept {
  channel_.reset();
  if (pid_ <= 0) return;
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

}  // namespace ejf::jail
