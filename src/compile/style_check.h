// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "base/unique_fd.h"
#include "compile/environment.h"
#include "compile/job.h"
#include "compile/request_log.h"
#include "packet/compile_reply.h"

namespace ejf::compile {

/// Runs the request's style checker on `text` under the name `source` and adds what it prints and ejudge's texts to the
/// log (protocol.md §7.4). It runs in the jail with the language's limits, in a box of its own: a compiler may have run
/// the contestant's code, and what that left behind must neither lead the checker nor lie within its reach. Its own
/// directory and ejudge's checkers are visible to it. Gives ok, style_error or check_failed. The caller holds a slot.
boost::asio::awaitable<packet::RunStatus> check_style(const Job& job, const std::string& source, UniqueFd text,
                                                      const Environment& test_environment, RequestLog& log);

}  // namespace ejf::compile
