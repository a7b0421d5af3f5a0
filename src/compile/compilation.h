// SPDX-License-Identifier: Apache-2.0
// One call of the compiler: what it is told, and what its end means (protocol.md §7.3, §7.6).
#pragma once

#include <optional>
#include <string>

#include "base/unique_fd.h"
#include "compile/environment.h"
#include "compile/job.h"
#include "compile/outcome.h"
#include "compile/request_log.h"
#include "jail/jail.h"
#include "packet/compile_reply.h"

namespace ejf::compile {

constexpr std::uint64_t k_max_executable = 128ULL << 20;  // protocol.md §7.6

/// Empty when the problem's own command cannot be had.
std::optional<Command> find_command(const Workshop& workshop, const packet::CompileRequest& request,
                                    const lang::Recipe& recipe);

struct Compilation {
  std::string source{};           ///< name in the build directory
  std::string executable{};       ///< as the compiler is told, relative to the build directory
  std::string output{};           ///< the same, relative to the box
  std::string properties{};       ///< as the compiler is told; empty: it is not asked for any
  std::string properties_file{};  ///< the same, relative to the box
  Environment environment{};      ///< beside the request's own
  bool discard_output = false;
};

/// The reports of such a run have the executable as their first output and the properties, if asked for, as the second.
jail::RunSpec compiler_run(const Job& job, const Compilation& compilation);

/// Adds the compiler's output and ejudge's texts to the log; `limits` were those of the run. With RunStatus::ok nobody
/// has looked at the outputs yet.
packet::RunStatus judge_compiler(const Job& job, const jail::Limits& limits, const jail::RunReport& report,
                                 RequestLog& log);

/// Compile error, or "check failed" where the contest asked for it; `ejudge_message` may be empty.
packet::RunStatus compilation_failed(const packet::CompileRequest& request, std::string_view ejudge_message,
                                     RequestLog& log);

/// Takes the executable, or says in the log what is wrong with it. `name` is relative to the box.
void take_executable(CompileOutcome& outcome, jail::OutputFile& file, const std::string& name, RequestLog& log);

/// The properties, if the run made a file of them that is not empty.
UniqueFd take_properties(jail::RunReport& report);

}  // namespace ejf::compile
