// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/unique_fd.h"
#include "packet/compile_reply.h"

namespace ejf::compile {

/// Thrown: the run was cancelled because the server is ending. There is no outcome, the request goes back to the queue.
struct Interrupted {};

/// What becomes of one request: everything that delivery needs, nothing that it has to find out again.
struct CompileOutcome {
  packet::RunStatus status = packet::RunStatus::check_failed;
  std::string log;      ///< the report's .txt
  UniqueFd executable;  ///< read from its start; none: see log_as_executable
  std::uint64_t executable_size = 0;
  bool log_as_executable = false;  ///< the log is delivered under the executable's name too, as ejudge does on failures
  bool is_archive = false;         ///< the executable is a zip of the executables of all tests
  UniqueFd properties;             ///< the report's .json; only with RunStatus::ok, and not with an archive
  bool has_properties = false;     ///< there are run properties, in `properties` or in the archive
  std::int32_t prepended_size = 0;
  std::chrono::microseconds real_time{0};  ///< of the compiler, all its runs; 0 when none ran
};

}  // namespace ejf::compile
