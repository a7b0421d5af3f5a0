// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <map>
#include <string>

#include "base/clock.h"

namespace ejf::server {

/// Faults that may last, and come back at each attempt. The log has one line when one begins, one more for each other
/// cause, one now and then while it lasts, and one when it is over. For the thread of the loop.
class Troubles {
 public:
  /// `what` could not be done, and is tried again: "cannot look for requests". `whose`: a packet, for the log.
  void note(const std::string& what, const std::exception& error, const std::string& whose = {});
  /// It went well. Not said before it has gone well for a while.
  void over(const std::string& what);
  /// To be called now and then.
  void tell_what_is_over();

 private:
  struct Trouble {
    Monotonic::time_point begin{};
    std::map<std::string, Monotonic::time_point> said;  ///< of each cause, when
    Monotonic::time_point quiet_since{};
    unsigned long count = 0;
  };

  std::map<std::string, Trouble> known_;
};

}  // namespace ejf::server
