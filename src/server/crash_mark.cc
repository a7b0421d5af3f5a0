// SPDX-License-Identifier: Apache-2.0
#include "server/crash_mark.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <iterator>

#include "base/error.h"
#include "spool/instance.h"

namespace ejf::server {

namespace {

constexpr std::array k_faults{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

struct sigaction g_before[k_faults.size()];
std::atomic<int> g_file{-1};

/// Async-signal-safe: nothing of the process may be trusted any more.
void on_fault(int signal, siginfo_t* info, void* /*context*/) {
  const auto done = ::pwrite(g_file.load(), spool::k_crash_mark.data(), spool::k_crash_mark.size(), 0);
  static_cast<void>(done);  // there is nobody left to tell
  const auto* place = std::find(k_faults.begin(), k_faults.end(), signal);
  ::sigaction(signal, &g_before[std::distance(k_faults.begin(), place)], nullptr);
  // A fault of an instruction comes again when it is executed again; what was sent has to be sent again.
  if (info->si_code <= 0) static_cast<void>(::raise(signal));
}

/// A stack that overflowed cannot hold the handler too.
void make_signal_stack() {
  alignas(16) static std::array<char, 65536> stack;
  stack_t now{};
  if (::sigaltstack(nullptr, &now) == 0 && (now.ss_flags & SS_DISABLE) == 0) return;
  const stack_t ours{.ss_sp = stack.data(), .ss_flags = 0, .ss_size = stack.size()};
  if (::sigaltstack(&ours, nullptr) != 0) throw SysError("sigaltstack", "");
}

}  // namespace

void mark_crashes_in(int fd) {
  const bool is_first = g_file.exchange(fd) < 0;
  if (!is_first) return;
  make_signal_stack();
  for (std::size_t i = 0; i < k_faults.size(); ++i) {
    struct sigaction action {};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    if (::sigaction(k_faults.at(i), &action, &g_before[i]) != 0) throw SysError("sigaction", "");
  }
}

}  // namespace ejf::server
