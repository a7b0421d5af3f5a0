// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>

#include "base/error.h"
#include "base/unique_fd.h"

namespace ejf::lang {

/// Somebody wants the program to end.
class Interrupted : public Error {
 public:
  using Error::Error;
};

/// While it lives, SIGINT, SIGTERM and SIGHUP arrive at a descriptor instead of ending the program at once. They may
/// nest; one that arrived while the outer was not looked at is found by the inner.
class TerminationSignals {
 public:
  TerminationSignals();
  TerminationSignals(const TerminationSignals&) = delete;
  TerminationSignals& operator=(const TerminationSignals&) = delete;
  ~TerminationSignals();

  int fd() const noexcept { return fd_.get(); }  ///< readable when one has arrived
  void throw_if_received() const;                ///< Interrupted

 private:
  sigset_t set_{};
  sigset_t old_{};
  UniqueFd fd_;
};

}  // namespace ejf::lang
