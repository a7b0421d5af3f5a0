// SPDX-License-Identifier: Apache-2.0
// The command line of ej-compile, as ejudge has it (protocol.md §4.1), and our own additions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/site.h"

namespace ejf::server {

struct Options {
  config::SiteOptions site;
  bool show_help = false;
  bool print_config = false;
  bool init_only = false;     ///< -i
  bool is_daemon = false;     ///< -D, -d
  bool is_slave = false;      ///< -S: started by ejudge's control program, one slot, standard error is the log
  bool is_restarted = false;  ///< -R: re-executed by itself, or told to open the log without a fork
  bool is_verbose = false;    ///< -v
  bool use_jail = true;
  std::string user;                     ///< -u, only as root
  std::string group;                    ///< -g
  std::string directory;                ///< -C
  std::optional<std::string> queue_id;  ///< -I
  int xml_fd = -1;                      ///< -l
  int banner_fd = -1;                   ///< -e
  int jail_fd = -1;                     ///< --jail-fd: the broker's socket, handed over by a re-exec
  unsigned serial = 0;                  ///< -y: which of the processes that the control program started this is
  std::optional<unsigned> slots;        ///< --slots
  std::vector<std::string> defines;     ///< -DVAR[=V]
  std::string language_key;             ///< -k; empty: all languages
  std::string lang_id_map;              ///< --lang-id-map: a file; empty: none
  std::string local_cache;              ///< --local-cache: a directory; empty: none
  bool heartbeats = true;               ///< -hb, -nhb
  std::string heartbeat_instance;       ///< -hi
  std::string instance_id;              ///< --instance-id
  std::string ip_address;               ///< --ip
  std::string halt_command;             ///< -hc: one word, found through PATH
  std::string reboot_command;           ///< -rc
  std::vector<std::string> arguments;   ///< all of them, for the re-exec after HUP
};

/// Throws UsageError with a sentence that names the argument.
Options parse_options(int argc, char** argv);

/// The text of --help.
std::string usage_text(const std::string& program);

/// The arguments for a re-exec after HUP: what describes the server, without what only belongs to its start; with -R
/// when the log is a file.
std::vector<std::string> restart_arguments(const Options& options);

}  // namespace ejf::server
