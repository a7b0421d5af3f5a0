// SPDX-License-Identifier: Apache-2.0
// One jail for one command of ej-jail.
#pragma once

#include <string>

#include "jail/jail.h"

namespace ejf::tools {

/// Of a jail that this program is the broker of.
jail::JailConfig own_jail_config();

/// Runs and waits for the end.
jail::RunReport run_to_the_end(jail::Jail& jail, jail::Box& box, jail::RunSpec spec);

/// For people: "time limit exceeded", "exited with 1".
std::string describe_end(const jail::RunReport& report);

/// One JSON object with all of the report but the output.
std::string report_json(const jail::RunReport& report);

}  // namespace ejf::tools
