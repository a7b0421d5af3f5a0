// SPDX-License-Identifier: Apache-2.0
// The tool for people: one program, a subcommand for each thing to do.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <iterator>

#include "base/build_info.h"
#include "base/error.h"
#include "tools/commands.h"

namespace {

using ejf::tools::Arguments;

struct Command {
  const char* name;
  const char* help;
  int (*run)(const Arguments&);
};

constexpr Command k_commands[] = {
    {"submit", "send a source file through a running server and show what came back", ejf::tools::run_submit},
    {"compile", "compile a source file here, without a server", ejf::tools::run_compile},
    {"lang", "list, show or test the languages of this server, or begin a new one", ejf::tools::run_lang},
    {"packet", "show a request or reply packet", ejf::tools::run_packet},
    {"doctor", "say what this machine and this site lack, and how to mend it", ejf::tools::run_doctor},
    {"queue", "list, show, retry or drop the requests that were set aside", ejf::tools::run_queue},
};

int print_usage(std::FILE* to, int code) {
  fmt::print(to, "Usage: ejforge COMMAND [OPTIONS]\n\nCommands:\n");
  for (const auto& command : k_commands) fmt::print(to, "  {:<9} {}\n", command.name, command.help);
  fmt::print(to, "\n'ejforge COMMAND --help' explains one. 'ejforge --version' prints the version.\n");
  return code;
}

int dispatch(const Arguments& arguments) {
  if (arguments.empty()) return print_usage(stderr, ejf::tools::k_wrong_usage);
  if (arguments[0] == "--help" || arguments[0] == "help") return print_usage(stdout, ejf::tools::k_done);
  if (arguments[0] == "--version") {
    fmt::print("ejforge {}\n", ejf::build_info::version());
    return ejf::tools::k_done;
  }
  const auto* command = std::find_if(std::begin(k_commands), std::end(k_commands),
                                     [&](const Command& candidate) { return arguments[0] == candidate.name; });
  if (command == std::end(k_commands)) {
    throw ejf::UsageError(fmt::format("there is no command '{}'; 'ejforge --help' lists them", arguments[0]));
  }
  return command->run({arguments.begin() + 1, arguments.end()});
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return dispatch({argv + 1, argv + argc});
  } catch (const ejf::UsageError& error) {
    fmt::print(stderr, "ejforge: {}\n", error.what());
    return ejf::tools::k_wrong_usage;
  } catch (const std::exception& error) {
    fmt::print(stderr, "ejforge: {}\n", error.what());
    return ejf::tools::k_machine_at_fault;
  }
}
