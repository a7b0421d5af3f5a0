// SPDX-License-Identifier: Apache-2.0
// One request, from the decoded packet to its outcome. Writes nothing anywhere but into its box.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "compile/async_jail.h"
#include "compile/outcome.h"
#include "compile/slots.h"
#include "jail/jail.h"
#include "lang/recipe.h"
#include "packet/compile_request.h"

namespace ejf::compile {

/// What all requests share while one configuration is in force.
struct Workshop {
  AsyncJail& jail;
  SlotPool& slots;
  const lang::RecipeBook& recipes;
  jail::BoxSpec box;
  std::vector<std::string> environment;  ///< NAME=VALUE that every compiler gets; a request's own come later and win
  std::uint64_t max_source_size = 64ULL << 20;
  std::vector<std::string> request_roots;  ///< what a request names must lie below one of these; empty: anywhere
  bool is_jailed = true;
};

/// The run was cancelled because the server is ending: there is no outcome, the request goes back to the queue.
struct Interrupted {};

/// Throws Interrupted, and Error when the machine fails us (the caller answers "check failed").
boost::asio::awaitable<CompileOutcome> compile_request(Workshop& workshop, const packet::CompileRequest& request,
                                                       UniqueFd source);

/// "Check failed" with this reason in the log.
CompileOutcome check_failed(std::string log);

/// The environment that every compiler gets: PATH and the locale of the server, the compile user's name. HOME and
/// TMPDIR are those of its box.
std::vector<std::string> base_environment(const std::string& user_name);

}  // namespace ejf::compile
