// SPDX-License-Identifier: Apache-2.0
// The command line of ejudge-configure-compilers: ejudge's options, and ours.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "lang/probe.h"

namespace ejf::tools {

constexpr std::string_view k_configure_program = "ejudge-configure-compilers";

struct ConfigureOptions {
  /// by_terminal: the menu where somebody sits, else batch.
  enum class Action { by_terminal, visual, batch, version, help };
  Action action = Action::by_terminal;
  bool list = false;
  bool json = false;
  bool is_rehearsal = false;
  bool is_strict = false;
  bool no_jail_test = false;
  bool preserve_compile_cfg = false;
  std::string lang_config_dir;
  std::string script_dir;
  std::string template_dir;
  std::string ejudge_xml;
  std::string conf_dir;
  std::string contests_home_dir;
  std::string settings;
  std::string suid_scripts_tool;
  std::vector<std::string> only;
  unsigned jobs = std::max(std::thread::hardware_concurrency(), 1U);
  std::chrono::seconds timeout{60};
  lang::ProbeArguments arguments;
};

/// Throws UsageError. Stops at --version and --help.
ConfigureOptions parse_configure_options(const std::vector<std::string>& arguments);

std::string configure_help();

/// What --version prints.
std::string configure_version();

}  // namespace ejf::tools
