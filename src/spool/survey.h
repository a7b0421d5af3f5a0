// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "spool/claim_name.h"
#include "spool/instance.h"
#include "spool/request_queue.h"

namespace ejf::spool {

struct SurveyedClaim {
  ClaimName name;
  Liveness owner = Liveness::unknown;
  std::chrono::seconds age{0};  ///< since it came into its state
};

/// A queue as a person wants to see it.
struct QueueSurvey {
  std::size_t waiting = 0;
  std::vector<OddEntry> odd;          ///< in queue/dir, never taken
  std::vector<SurveyedClaim> claims;  ///< in queue/out
  std::vector<std::string> foreign;   ///< in queue/out and not ours: ejudge's own after its crashes, ...
};

/// Looks and changes nothing: needs neither an instance nor the right to write. Reads both
/// directories and looks at each entry, so it is for tools. `base` as for RequestQueue. Throws SysError.
QueueSurvey survey_queue(const std::string& base);

}  // namespace ejf::spool
