// SPDX-License-Identifier: Apache-2.0
// Tries languages with their samples: compiles as the server does, and runs what comes out in the jail, too.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "lang/jail_test.h"
#include "lang/samples.h"
#include "server/configuration.h"
#include "server/options.h"
#include "tools/lang_check.h"

namespace ejf::tools {

struct LangTrialOptions {
  unsigned jobs = 1;                               ///< languages at one time
  std::optional<std::chrono::milliseconds> limit;  ///< of each compiler and each program; empty: the language's, 10 s
};

/// In the order of `languages`, which are sections of the configuration. Throws Error when no jail can be had, and
/// lang::Interrupted.
std::vector<LangTrial> try_languages(const server::Configuration& configuration, const server::Options& server,
                                     const std::vector<const config::Language*>& languages,
                                     const lang::SampleLibrary& samples, const LangTrialOptions& options,
                                     const lang::Listener& listener);

}  // namespace ejf::tools
