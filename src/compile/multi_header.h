// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "compile/job.h"
#include "compile/outcome.h"
#include "compile/request_log.h"

namespace ejf::compile {

/// Multi-header mode (protocol.md §7.5): compiles the source once for each test, with that test's header, footer and
/// environment, and delivers a zip archive of the executables. Tests compile at the same time where slots are free; the
/// log keeps their order.
boost::asio::awaitable<CompileOutcome> compile_tests(const Job& job, const std::string& source, RequestLog& log);

}  // namespace ejf::compile
