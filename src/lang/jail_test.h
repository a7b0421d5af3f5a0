// SPDX-License-Identifier: Apache-2.0
// The question whether a language also works where contestants' programs are compiled. Who asks it is in this room; who
// answers it has a server's way of compiling (tools/jail_test.h).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lang/probe.h"

namespace ejf::lang {

/// Where the files lie of the server that would compile; perhaps not yet those that are in force.
struct ServerPlace {
  std::string script_dir;
  std::string lang_config_dir;
  std::string compile_cfg;
};

struct SampleJob {
  std::string language;     ///< for people
  std::string short_name;   ///< in compile.cfg
  std::string sample;       ///< path of a program that is correct
  std::string lang_config;  ///< path of the language's settings; empty: where its script looks for them
};

struct SampleVerdict {
  bool is_passed = false;
  std::string reason;  ///< why not
  std::string log;     ///< of the compiler
};

/// Verdicts in the order of the jobs. Throws Error when no jail can be had, and Interrupted.
using JailTest =
    std::function<std::vector<SampleVerdict>(const ServerPlace&, const std::vector<SampleJob>&, const Listener&)>;

}  // namespace ejf::lang
