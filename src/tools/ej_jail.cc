// SPDX-License-Identifier: Apache-2.0
// ej-jail: the privileged half of the compile server (`--broker FD`, started by class Jail; `--broker` on a socket of
// systemd's), and a command that runs one program in a jail (`run`) or tries the jail itself (`--self-test`).
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "jail/broker.h"
#include "jail/privileges.h"
#include "jail/self_test.h"
#include "tools/jail_commands.h"

namespace {

using namespace ejf;

int parse_descriptor(const char* text) {
  char* end = nullptr;
  errno = 0;
  const long fd = std::strtol(text, &end, 10);
  constexpr long k_most = 1'000'000;
  if (errno != 0 || end == text || *end != '\0' || fd < 0 || fd > k_most) {
    throw UsageError(std::string{"not a descriptor: "} + text);
  }
  return static_cast<int>(fd);
}

/// sd_listen_fds(3), for a unit with Accept=yes: one connection, as the first descriptor after the standard ones.
int socket_of_unit() {
  constexpr int k_first = 3;
  const char* pid = std::getenv("LISTEN_PID");
  const char* count = std::getenv("LISTEN_FDS");
  if (pid == nullptr || count == nullptr || std::string{pid} != std::to_string(::getpid())) {
    throw UsageError("--broker without a descriptor is for a unit with a socket");
  }
  if (std::string{count} != "1") throw UsageError("the socket's unit needs Accept=yes");
  return k_first;
}

/// Set-user-ID root, this is the one thing that is done with root's rights, and from the first step as if root had
/// started it; for whom, the broker asks before anything else.
int broker_command(const char* descriptor) {
  const jail::Rights caller = jail::own_rights();
  if (jail::is_set_user_id() && descriptor == nullptr) throw UsageError("--broker needs a descriptor");
  const int socket = descriptor != nullptr ? parse_descriptor(descriptor) : socket_of_unit();
  if (jail::is_set_user_id()) jail::become_root(socket);
  return jail::run_broker(socket, jail::client_of(socket, ::geteuid() == 0 ? caller : jail::Rights{}));
}

/// The last word of a command that failed, and its exit code.
int complain(const std::exception& error, int code) {
  static_cast<void>(std::fprintf(stderr, "ej-jail: %s\n", error.what()));
  return code;
}

int dispatch(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "";
  if (command == "--broker" && argc <= 3) return broker_command(argv[2]);
  jail::give_up_set_user_id();
  if (command == jail::k_self_test_inside && argc == 3) {
    const int code = jail::be_inside(argv[2]);
    static_cast<void>(std::fflush(nullptr));
    ::_exit(code);  // the sanitizers look for leaks at an ordinary end, by a call that is refused in there
  }
  if (command == "--self-test" && argc == 2) return tools::run_self_test();
  if (command == "run") return tools::run_in_jail(argc - 1, argv + 1);
  if (command == "--help") {
    tools::print_jail_help();
    return tools::k_jail_done;
  }
  throw UsageError("usage: ej-jail run [OPTION]... -- PROGRAM [ARGUMENT]... | ej-jail --self-test");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return dispatch(argc, argv);
  } catch (const UsageError& error) {
    return complain(error, tools::k_jail_wrong_usage);
  } catch (const Error& error) {
    return complain(error, tools::k_jail_failed);
  }
}
