// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <new>
#include <string>

#include "base/error.h"
#include "base/unique_fd.h"
#include "packet/compile_reply.h"

namespace ejf::compile {

/// Thrown: the run was cancelled because the server is ending. There is no outcome, the request goes back to the queue.
struct Interrupted {};

/// Thrown: the jail could not do what the request needs, which says nothing about the request.
class JailFault : public Error {
 public:
  using Error::Error;
};

/// May another attempt go well?
inline bool is_fault(const std::exception& error) noexcept {
  const auto* system = dynamic_cast<const SysError*>(&error);
  return (system != nullptr && is_machine_fault(system->code())) || dynamic_cast<const JailFault*>(&error) != nullptr ||
         dynamic_cast<const std::bad_alloc*>(&error) != nullptr;
}

/// What becomes of one request: everything that delivery needs, nothing that it has to find out again.
struct CompileOutcome {
  packet::RunStatus status = packet::RunStatus::check_failed;
  std::string log;      ///< the report's .txt
  std::string fault;    ///< not empty: there is no verdict for this reason, and another attempt may bring one
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
