// SPDX-License-Identifier: Apache-2.0
// What `ejforge doctor` finds out, in three sections. Everything here looks and changes nothing.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "server/configuration.h"
#include "server/options.h"

namespace ejf::tools {

enum class Health { ok, warn, fail };

struct DoctorFinding {
  Health health = Health::ok;
  std::string what;
  std::string mend;  ///< a command, or what else is to be done; empty with Health::ok
};

using DoctorFindings = std::vector<DoctorFinding>;

/// Adds what `examine` finds. That something cannot be looked at is a finding, too.
void look(DoctorFindings& findings, const std::string& mend, const std::function<DoctorFindings()>& examine);

/// What the kernel and our rights allow. `socket` is where a privileged broker is reached; empty: one is started.
DoctorFindings examine_jail(const std::string& socket);

/// What the configured languages name: is it there, and do jobs see it?
DoctorFindings examine_toolchains(const server::Configuration& configuration);

/// Files of configuration, users.
DoctorFindings examine_configuration(const server::Configuration& configuration,
                                     const config::Diagnostics& diagnostics);

/// The directories of the queue, what lies in them, the servers that run.
DoctorFindings examine_spool(const transport::SpoolPlace& place, const server::Configuration& configuration);

}  // namespace ejf::tools
