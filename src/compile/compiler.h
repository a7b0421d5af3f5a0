// SPDX-License-Identifier: Apache-2.0
// One request, from the decoded packet to its outcome. Writes nothing anywhere but into its boxes.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "base/unique_fd.h"
#include "compile/outcome.h"
#include "compile/workshop.h"
#include "packet/compile_request.h"

namespace ejf::compile {

/// Throws Interrupted, and Error when the machine fails us (the caller answers "check failed").
boost::asio::awaitable<CompileOutcome> compile_request(Workshop& workshop, const packet::CompileRequest& request,
                                                       UniqueFd source);

/// "Check failed" with this reason in the log.
CompileOutcome check_failed(std::string log);

}  // namespace ejf::compile
