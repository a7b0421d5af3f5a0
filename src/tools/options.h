// SPDX-License-Identifier: Apache-2.0
// Options that several subcommands share, on top of Boost.Program_options.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <string>

#include "server/options.h"
#include "tools/commands.h"

namespace ejf::tools {

/// --ejudge-xml, --contests-home-dir, --settings, --spool-dir, --local-dir, --config, --queue
boost::program_options::options_description site_options();

/// Parses; words that belong to no option are words(values). Prints the help and returns true when --help was asked
/// for. Throws UsageError.
bool parse(const Arguments& arguments, const std::string& usage,
           const boost::program_options::options_description& described, boost::program_options::variables_map& values);

const Arguments& words(const boost::program_options::variables_map& values);

/// The server's options that these values amount to.
server::Options server_options(const boost::program_options::variables_map& values);

/// The value, or "" when it was not given.
std::string value_of(const boost::program_options::variables_map& values, const std::string& name);

}  // namespace ejf::tools
