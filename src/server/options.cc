// SPDX-License-Identifier: Apache-2.0
#include "server/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/error.h"
#include "base/text.h"

namespace ejf::server {

namespace {

enum class Keep { no, yes };  // does the option describe the server, or only this start of it?

struct OptionRow {
  const char* name;
  const char* value;  ///< name of its value for the help; nullptr: it takes none
  const char* help;   ///< nullptr: another name of the row before
  Keep keep;
  void (*apply)(Options&, const std::string& value);
};

int descriptor(const char* option, const std::string& text) {
  auto number = parse_decimal(text);
  if (!number || *number < 0 || *number > 1'000'000) {
    throw UsageError(fmt::format("{}: '{}' is not a file descriptor", option, text));
  }
  return static_cast<int>(*number);
}

unsigned count(const char* option, const std::string& text, unsigned least, unsigned most) {
  auto number = parse_decimal(text);
  if (!number || *number < least || *number > most) {
    throw UsageError(fmt::format("{}: '{}' is not a number from {} to {}", option, text, least, most));
  }
  return static_cast<unsigned>(*number);
}

const std::string& given(const char* option, const std::string& text) {
  if (text.empty()) throw UsageError(fmt::format("{}: the value is empty", option));
  return text;
}

void not_there_yet(const char* option) {
  throw UsageError(fmt::format("{} is not there yet in this version of ejforge", option));
}

constexpr unsigned k_max_slots = 128;  // as ejudge's compile_parallelism

// clang-format off
const OptionRow k_rows[] = {
  {"-i", nullptr, "make the directories and exit", Keep::no, [](Options& o, auto&) { o.init_only = true; }},
  {"-D", nullptr, "run as a daemon: log to the log file, fork", Keep::no, [](Options& o, auto&) { o.is_daemon = true; }},
  {"-d", nullptr, nullptr, Keep::no, [](Options& o, auto&) { o.is_daemon = true; }},
  {"-S", nullptr, "started by ej-compile-control: one slot, standard error is the log", Keep::yes, [](Options& o, auto&) { o.is_slave = true; }},
  {"-R", nullptr, "open the log file, do not fork (after a restart)", Keep::no, [](Options& o, auto&) { o.is_restarted = true; }},
  {"-p", nullptr, "parallel mode; always on, boxes are private", Keep::yes, [](Options&, auto&) {}},
  {"-v", nullptr, "log more: each request", Keep::yes, [](Options& o, auto&) { o.is_verbose = true; }},
  {"-nst", nullptr, "print no stack trace when crashing; none is ever printed", Keep::yes, [](Options&, auto&) {}},
  {"-hb", nullptr, "write heartbeats; so unless -nhb is given", Keep::yes, [](Options& o, auto&) { o.heartbeats = true; }},
  {"-nhb", nullptr, "write no heartbeats and obey no control files", Keep::yes, [](Options& o, auto&) { o.heartbeats = false; }},
  {"-hi", "ID", "instance in heartbeats, and how the names of their files begin", Keep::yes, [](Options& o, auto& v) { o.heartbeat_instance = given("-hi", v); }},
  {"--instance-id", "ID", "the same, if there is no -hi", Keep::yes, [](Options& o, auto& v) { o.instance_id = given("--instance-id", v); }},
  {"--ip", "IP", "address in heartbeats", Keep::yes, [](Options& o, auto& v) { o.ip_address = given("--ip", v); }},
  {"-hc", "COMMAND", "program that halts the machine when a control file asks for it", Keep::yes, [](Options& o, auto& v) { o.halt_command = given("-hc", v); }},
  {"-rc", "COMMAND", "program that reboots it", Keep::yes, [](Options& o, auto& v) { o.reboot_command = given("-rc", v); }},
  {"-k", "KEY", "only languages with this key and a version in lang.d", Keep::yes, [](Options& o, auto& v) { o.language_key = given("-k", v); }},
  {"--lang-id-map", "FILE", "lines FROM TO: language ids of requests, and what they are here", Keep::yes, [](Options& o, auto& v) { o.lang_id_map = given("--lang-id-map", v); }},
  {"--local-cache", "DIR", "keep executables here for the tests, if a request allows it", Keep::yes, [](Options& o, auto& v) { o.local_cache = given("--local-cache", v); }},
  {"-u", "USER", "as root: serve as this user", Keep::no, [](Options& o, auto& v) { o.user = v; }},
  {"-g", "GROUP", "as root: serve as this group", Keep::no, [](Options& o, auto& v) { o.group = v; }},
  {"-C", "DIR", "change to this directory first", Keep::no, [](Options& o, auto& v) { o.directory = v; }},
  {"-r", "DIR", "contests home directory", Keep::yes, [](Options& o, auto& v) { o.site.contests_home_dir = v; }},
  {"--contests-home-dir", "DIR", nullptr, Keep::yes, [](Options& o, auto& v) { o.site.contests_home_dir = v; }},
  {"-c", "DIR", "compile home directory", Keep::yes, [](Options& o, auto& v) { o.site.compile_home_dir = v; }},
  {"-x", "FILE", "ejudge.xml", Keep::yes, [](Options& o, auto& v) { o.site.ejudge_xml = v; }},
  {"-l", "FD", "read ejudge.xml from this descriptor", Keep::yes, [](Options& o, auto& v) { o.xml_fd = descriptor("-l", v); }},
  {"-e", "FD", "print the start banner to this descriptor too", Keep::no, [](Options& o, auto& v) { o.banner_fd = descriptor("-e", v); }},
  {"-I", "ID", "compile server (queue) id; else EJ_COMPILE_SERVER_ID, else the host's name", Keep::yes, [](Options& o, auto& v) { o.queue_id = v; }},
  {"-y", "N", "serial number among the processes of one queue on this host", Keep::yes, [](Options& o, auto& v) { o.serial = count("-y", v, 0, k_max_slots); }},
  {"--spool-dir", "DIR", "compile spool; an empty value selects the legacy layout", Keep::yes, [](Options& o, auto& v) { o.site.spool_dir = v; }},
  {"--local-dir", "DIR", "directory for this machine's own files", Keep::yes, [](Options& o, auto& v) { o.site.local_dir = v; }},
  {"--settings", "FILE", "ejforge.ini", Keep::yes, [](Options& o, auto& v) { o.site.settings = v; }},
  {"--slots", "N", "compilations at one time; else compile_parallelism of ejudge.xml", Keep::yes, [](Options& o, auto& v) { o.slots = count("--slots", v, 1, k_max_slots); }},
  {"--no-jail", nullptr, "run compilers without a jail (dangerous, logged loudly)", Keep::yes, [](Options& o, auto&) { o.use_jail = false; }},
  {"--print-config", nullptr, "print what is in force and where each value came from, and exit", Keep::no, [](Options& o, auto&) { o.print_config = true; }},
  {"--jail-fd", "FD", "socket of a running ej-jail (set by a restart)", Keep::no, [](Options& o, auto& v) { o.jail_fd = descriptor("--jail-fd", v); }},
  {"--help", nullptr, "print this text", Keep::no, [](Options& o, auto&) { o.show_help = true; }},
  {"--agent", "AGENT", "serve a remote ejudge (not there yet)", Keep::no, [](Options&, auto&) { not_there_yet("--agent"); }},
};
// clang-format on

const OptionRow* find_row(std::string_view argument) {
  const auto* found =
      std::find_if(std::begin(k_rows), std::end(k_rows), [&](const auto& row) { return argument == row.name; });
  return found == std::end(k_rows) ? nullptr : found;
}

/// `--name=value` for the long options, as people write them; -DVAR for ejudge's defines.
struct Argument {
  const OptionRow* row = nullptr;
  std::optional<std::string> attached;
};

Argument look_up(const std::string& text) {
  if (const OptionRow* row = find_row(text)) return {row, {}};
  auto equals = text.find('=');
  if (text.starts_with("--") && equals != std::string::npos) {
    const OptionRow* row = find_row(std::string_view(text).substr(0, equals));
    if (row != nullptr && row->value != nullptr) return {row, text.substr(equals + 1)};
  }
  return {};
}

void check_combinations(const Options& options) {
  if (options.is_slave && options.slots.value_or(1) != 1)
    throw UsageError("-S means one slot; --slots does not go with it");
  if (options.is_slave && options.is_daemon) throw UsageError("-S and -D do not go together");
}

}  // namespace

Options parse_options(int argc, char** argv) {
  Options options;
  const std::span<char*> words(argv, static_cast<std::size_t>(argc));
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string text = words[i];
    options.arguments.push_back(text);
    if (!text.starts_with('-') || text == "-") {
      if (options.site.compile_cfg) throw UsageError(fmt::format("extra argument '{}'", text));
      options.site.compile_cfg = text;
      continue;
    }
    Argument argument = look_up(text);
    if (argument.row == nullptr && text.starts_with("-D")) {
      options.defines.push_back(text.substr(2));
      continue;
    }
    if (argument.row == nullptr) throw UsageError(fmt::format("unknown option '{}'", text));
    if (argument.row->value != nullptr && !argument.attached) {
      if (++i == words.size()) throw UsageError(fmt::format("{} needs a value: {}", text, argument.row->value));
      argument.attached = words[i];
      options.arguments.emplace_back(words[i]);
    }
    argument.row->apply(options, argument.attached.value_or(""));
  }
  check_combinations(options);
  return options;
}

std::string usage_text(const std::string& program) {
  std::string text = fmt::format("Usage: {} [options] [compile.cfg]\nOptions:\n", program);
  for (const auto& row : k_rows) {
    std::string left = row.value != nullptr ? fmt::format("{} {}", row.name, row.value) : row.name;
    text += fmt::format("  {:<24} {}\n", left, row.help != nullptr ? row.help : "the same");
  }
  return text + "  -DVAR[=VALUE]            for ejudge's sake; has no effect there either\n";
}

std::vector<std::string> restart_arguments(const Options& options) {
  // -R opens the log file; a server that writes to its standard error goes on doing so.
  std::vector<std::string> kept;
  if (options.is_daemon || options.is_restarted) kept.emplace_back("-R");
  for (std::size_t i = 0; i < options.arguments.size(); ++i) {
    const std::string& text = options.arguments[i];
    Argument argument = look_up(text);
    const bool takes_next = argument.row != nullptr && argument.row->value != nullptr && !argument.attached;
    const bool is_kept = argument.row == nullptr || argument.row->keep == Keep::yes;
    if (is_kept) kept.push_back(text);
    if (takes_next) {
      ++i;
      if (is_kept) kept.push_back(options.arguments[i]);
    }
  }
  return kept;
}

}  // namespace ejf::server
