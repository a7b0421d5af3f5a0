// SPDX-License-Identifier: Apache-2.0
// The compile server. Everything but its exit codes is in the server room.
#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "base/error.h"
#include "server/launch.h"
#include "server/options.h"

int main(int argc, char** argv) {
  constexpr int k_failed = 1;  // ejudge's code for everything that prevents a start
  try {
    const auto options = ejf::server::parse_options(argc, argv);
    if (options.show_help) {
      fmt::print("{}", ejf::server::usage_text("ej-compile"));
      return 0;
    }
    return ejf::server::launch(options);
  } catch (const ejf::UsageError& error) {
    fmt::print(stderr, "ej-compile: {}\nTry 'ej-compile --help'.\n", error.what());
  } catch (const std::exception& error) {
    fmt::print(stderr, "ej-compile: {}\n", error.what());
  }
  return k_failed;
}
