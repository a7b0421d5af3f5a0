// SPDX-License-Identifier: Apache-2.0
// One program that was compiled from a sample, started in the jail.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>

#include "base/unique_fd.h"
#include "compile/workshop.h"
#include "jail/jail.h"

namespace ejf::tools {

struct SampleProgram {
  UniqueFd content;     ///< read from its start
  std::string name;     ///< in the box
  std::string starter;  ///< absolute path of a script that gets the program; empty: it starts by itself
};

struct SampleRun {
  bool is_fault = false;  ///< the jail's, so that nothing can be said
  bool is_good_end = false;
  std::string end;     ///< "exit status 3", "killed by signal 11", "stopped after 10 s"
  std::string output;  ///< standard output
  std::string errors;  ///< what else it said
  std::chrono::microseconds time{0};
};

/// Takes a slot. Without network, with this input, for at most `limit`. Throws compile::Interrupted. `program`
/// must stay until this has ended.
boost::asio::awaitable<SampleRun> run_sample(compile::Workshop& workshop, const SampleProgram& program,
                                             std::string input, std::chrono::milliseconds limit);

}  // namespace ejf::tools
