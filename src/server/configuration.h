// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/compile_cfg.h"
#include "config/diagnostics.h"
#include "config/lang_id_map.h"
#include "config/settings.h"
#include "config/site.h"
#include "jail/jail.h"
#include "lang/recipe.h"
#include "server/options.h"
#include "transport/local_spool.h"

namespace ejf::server {

/// One consistent, immutable reading of everything that describes the server. A reload makes a new one.
struct Configuration {
  config::Settings settings;
  config::Site site;
  config::CompileCfg compile_cfg;
  std::unique_ptr<lang::RecipeBook> recipes;
  std::string queue_id;
  unsigned slots = 1;
  std::string compile_user;        ///< whom compilers think they are
  std::string work_dir;            ///< W of protocol.md: compile_work_dir
  std::string legacy_compile_dir;  ///< <root_dir>/var/compile
  config::LangIdMap lang_id_map;
  bool heartbeats = true;
  std::string heartbeat_base;  ///< of the files' names
  std::string instance_id;     ///< in heartbeats; may be empty, as may the next two
  std::string ip_address;
  std::string local_cache;
};

/// Reads ejudge.xml, ejforge.ini, compile.cfg, lang.d. Everything that is wrong is in `diagnostics`; throws ConfigError
/// when a file cannot be read at all or anything in it is an error, with all errors in its text.
Configuration load_configuration(const Options& options, config::Diagnostics& diagnostics);

/// Only where the spool is: enough for tools that look into it.
transport::SpoolPlace load_place(const Options& options);

/// An installed program of the server's; in a build that is not installed, the one beside our own.
std::string program_path(const std::string& name);

/// What a jail is to be started with.
jail::JailConfig jail_config(const Configuration& configuration, const Options& options);

/// The limits that only the settings file knows.
jail::Limits base_limits(const config::Settings& settings, unsigned slots);

/// The table of --print-config: every value in force and where it came from.
std::string describe(const Configuration& configuration, const Options& options);

/// Serial numbers that no server of a site uses (-y ends at 128): for tools that run a jail beside the servers.
constexpr unsigned k_first_free_serial = 1000;

/// Names of this host, for <host> in ejudge.xml: addresses and the node name.
std::vector<std::string> host_names();

}  // namespace ejf::server
