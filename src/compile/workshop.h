// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "compile/async_jail.h"
#include "compile/environment.h"
#include "compile/named_paths.h"
#include "compile/slots.h"
#include "jail/jail.h"
#include "lang/recipe.h"

namespace ejf::compile {

/// What all requests share while one configuration is in force.
struct Workshop {
  AsyncJail& jail;
  SlotPool& slots;
  boost::asio::thread_pool& pool;  ///< for work that would keep the loop from its events
  const lang::RecipeBook& recipes;
  jail::BoxSpec box;
  jail::Limits limits;      ///< of a request without a language
  Environment environment;  ///< that every program gets; a request's own variables come later and win
  std::uint64_t max_source_size = 64ULL << 20;
  int max_tests = 10'000;                  ///< of a multi-header request
  std::vector<std::string> request_roots;  ///< what a request names must lie below one of these; empty: anywhere
  std::string checkers_directory;          ///< ejudge's, which style checkers see
  HiddenPaths hidden;
  std::string vcs_compile;  ///< path of ej-vcs-compile
  bool is_jailed = true;
};

}  // namespace ejf::compile
