// SPDX-License-Identifier: Apache-2.0
// The commands of `ej-jail`. Each gets its own arguments, its name first, and returns the exit code.
#pragma once

namespace ejf::tools {

constexpr int k_jail_done = 0;
constexpr int k_jail_program_failed = 1;
constexpr int k_jail_wrong_usage = 2;
constexpr int k_jail_failed = 3;

void print_jail_help();
int run_in_jail(int argc, char** argv);
int run_self_test();

}  // namespace ejf::tools
