// SPDX-License-Identifier: Apache-2.0
// The subcommands of `ejforge`. Each gets its own arguments and returns the exit code; what prevents the work is
// thrown.
#pragma once

#include <string>
#include <vector>

namespace ejf::tools {

using Arguments = std::vector<std::string>;

/// Exit codes of ejforge, documented in ejforge(1).
constexpr int k_done = 0;
constexpr int k_asked_about_failed = 1;  ///< a compile error, say
constexpr int k_wrong_usage = 2;
constexpr int k_machine_at_fault = 3;  ///< check failed, no server, no jail

int run_submit(const Arguments& arguments);
int run_compile(const Arguments& arguments);
int run_packet(const Arguments& arguments);
int run_queue(const Arguments& arguments);
int run_lang(const Arguments& arguments);
int run_doctor(const Arguments& arguments);

}  // namespace ejf::tools
