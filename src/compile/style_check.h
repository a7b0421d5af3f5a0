// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "compile/environment.h"
#include "compile/job.h"
#include "compile/request_log.h"
#include "packet/compile_reply.h"

namespace ejf::compile {

/// Runs the request's style checker on `source`, which the workplace holds, and adds what it prints and ejudge's texts
/// to the log (protocol.md §7.4). It runs in the jail with the language's limits; its own directory and ejudge's
/// checkers are visible to it. Gives ok, style_error or check_failed.
boost::asio::awaitable<packet::RunStatus> check_style(const Job& job, Workplace& place, const std::string& source,
                                                      const Environment& test_environment, RequestLog& log);

}  // namespace ejf::compile
