// SPDX-License-Identifier: Apache-2.0
// ejforge lang: what there is to do with languages.
#include "tools/lang_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "base/error.h"

namespace ejf::tools {

namespace {

struct LangCommand {
  const char* name;
  const char* help;
  int (*run)(const Arguments&);
};

constexpr LangCommand k_lang_commands[] = {
    {"list", "list the languages of compile.cfg, and why some are off", run_lang_list},
    {"show", "show all that is configured for one of them", run_lang_show},
    {"test", "compile and run small programs of each, as the server would", run_lang_test},
    {"new", "write the two templates of a language of one's own", run_lang_new},
};

int print_usage(std::FILE* to, int code) {
  fmt::print(to, "Usage: ejforge lang COMMAND [OPTIONS]\n\nCommands:\n");
  for (const auto& command : k_lang_commands) fmt::print(to, "  {:<6} {}\n", command.name, command.help);
  fmt::print(to, "\n'ejforge lang COMMAND --help' explains one.\n");
  return code;
}

}  // namespace

int run_lang(const Arguments& arguments) {
  if (arguments.empty()) return print_usage(stderr, k_wrong_usage);
  if (arguments[0] == "--help" || arguments[0] == "help") return print_usage(stdout, k_done);
  const auto* command = std::find_if(std::begin(k_lang_commands), std::end(k_lang_commands),
                                     [&](const LangCommand& candidate) { return arguments[0] == candidate.name; });
  if (command == std::end(k_lang_commands)) {
    throw UsageError(fmt::format("there is no command 'lang {}'; 'ejforge lang --help' lists them", arguments[0]));
  }
  return command->run({arguments.begin() + 1, arguments.end()});
}

}  // namespace ejf::tools
