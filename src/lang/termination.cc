// SPDX-License-Identifier: Apache-2.0
#include "lang/termination.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <string>

namespace ejf::lang {

TerminationSignals::TerminationSignals() {
  ::sigemptyset(&set_);
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&set_, signal);
  if (::sigprocmask(SIG_BLOCK, &set_, &old_) != 0) throw SysError("sigprocmask", "for scripts");
  fd_.reset(::signalfd(-1, &set_, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd_) throw SysError("signalfd", "for scripts");
}

TerminationSignals::~TerminationSignals() {
  ::sigprocmask(SIG_SETMASK, &old_, nullptr);
}

void TerminationSignals::throw_if_received() const {
  signalfd_siginfo info{};
  if (::read(fd_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    throw Interrupted("interrupted by signal " + std::to_string(info.ssi_signo));
  }
}

}  // namespace ejf::lang
