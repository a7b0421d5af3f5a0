// SPDX-License-Identifier: Apache-2.0
// From the start of the broker's process to its end: who may have a jail, the first configuration and those after it.
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/file_lock.h"
#include "base/files.h"
#include "jail/broker.h"
#include "jail/broker_impl.h"
#include "jail/privileges.h"

namespace ejf::jail {

namespace {

constexpr int k_exit_refused = 3;

void send(int server, Kind kind, const auto& content) {
  Encoder message(kind);
  message(content);
  send_message(server, message.data(), message.fds(), 0);
}

void refuse(int socket, const std::string& why) {
  try {
    send(socket, Kind::refused, why);
  } catch (const SysError&) {
    return;  // it has gone
  }
}

/// Whoever closes a socket with something unread makes the other end lose what was said last.
void discard_question(int socket) {
  constexpr int k_patience_ms = 500;
  pollfd event{socket, POLLIN, 0};
  char byte = 0;
  if (::poll(&event, 1, k_patience_ms) > 0) static_cast<void>(::recv(socket, &byte, sizeof byte, MSG_DONTWAIT));
}

/// What the server ignored or blocked is not for us, and not for compilers.
void reset_signals() {
  // The system call itself: the C library's function refuses its own two signals, which may be ignored all the same.
  constexpr std::array<unsigned long, 4> k_default_action{};  // handler, flags, restorer, mask of the kernel's struct
  constexpr std::size_t k_mask_size = 8;
  for (int signal = 1; signal < NSIG; ++signal) {
    ::syscall(SYS_rt_sigaction, signal, k_default_action.data(), nullptr, k_mask_size);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// One configuration after the other: a server that executes itself anew, and may have given up the right to start a
/// broker, goes on with this one.
void serve_configurations(int socket, Admission admission, bool& ready) {
  const UniqueFd mounts = open_at(AT_FDCWD, "/proc/self/ns/mnt", O_RDONLY);
  rlimit open_files{};
  ::getrlimit(RLIMIT_NOFILE, &open_files);
  for (;;) {
    ready = false;
    const Admission next_client = successor(admission);
    std::optional<JailConfig> next;
    {
      Broker broker(socket, std::move(admission));
      send(socket, Kind::ready, broker.features());
      ready = true;
      next = broker.serve();
    }
    if (!next) return;
    ready = false;
    admission = admit(std::move(*next), next_client.client, next_client.rules);
    // Back to where the first configuration began; only root comes here, others start a new broker.
    ::setrlimit(RLIMIT_NOFILE, &open_files);
    if (::setns(mounts.get(), CLONE_NEWNS) != 0) throw SysError("setns", "the host's mount namespace");
  }
}

struct Guest {
  AdminRules rules;
  std::optional<FileLock> place;
};

/// Before a word is read: who only waits is a process of root's too.
Guest let_in(const Client& client) {
  if (client.is_trusted) return {AdminRules::of_root(), {}};
  AdminRules rules = load_admin_rules();
  const uid_t uid = client.rights.uid;
  if (std::find(rules.users.begin(), rules.users.end(), uid) == rules.users.end()) {
    throw Error("no jail for user " + std::to_string(uid) + ": it is none of those whom root lets use " +
                "a privileged ej-jail (\"users\" in " + k_admin_file + ")");
  }
  auto place = take_place(uid, rules.brokers);
  return {std::move(rules), std::move(place)};
}

/// Without a jail nothing of what root may do is needed, and its client's rights are all that there are.
Admission admit_first(JailConfig config, const Client& client, Guest& guest) {
  if (client.is_trusted) return admit(std::move(config), client, guest.rules);
  if (config.mode != Mode::none) {
    if (client.started_us) take_limits_of_the_machine();
    return admit(std::move(config), client, guest.rules);
  }
  guest.place.reset();  // a file of root's
  become_user(client.rights);
  return admit(std::move(config), {client.rights, true}, AdminRules::of_root());
}

}  // namespace

int run_broker(int socket, const Client& client) {
  reset_signals();
  if (::chdir("/") != 0) return 1;
  Message message;
  bool asked = false;
  bool ready = false;
  try {
    Guest guest = let_in(client);
    if (receive_message(socket, message, 0, k_most_order) != Received::message) return 1;
    asked = true;
    Decoder in(std::move(message));
    if (in.take<Kind>() != Kind::configure) throw Error("the first message is not a configuration");
    serve_configurations(socket, admit_first(in.take<JailConfig>(), client, guest), ready);
    return 0;
  } catch (const Error& error) {
    if (ready || !client.is_trusted) static_cast<void>(std::fprintf(stderr, "ej-jail: %s\n", error.what()));
    if (!asked) discard_question(socket);
    if (!ready) refuse(socket, error.what());  // else the server sees the end of the socket
    return k_exit_refused;
  }
}

}  // namespace ejf::jail
