// SPDX-License-Identifier: Apache-2.0
#include "compile/environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace ejf::compile {

namespace {

Environment::iterator find_variable(Environment& environment, std::string_view name_and_equals) {
  return std::find_if(environment.begin(), environment.end(),
                      [&](const std::string& present) { return present.starts_with(name_and_equals); });
}

}  // namespace

Environment base_environment(const std::string& user_name) {
  const char* path = std::getenv("PATH");
  Environment environment{
      fmt::format("PATH={}", path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin"),
      "SHELL=/bin/sh",
      "USER=" + user_name,
      "LOGNAME=" + user_name,
  };
  if (const char* lang = std::getenv("LANG")) environment.push_back(fmt::format("LANG={}", lang));
  return environment;
}

void add_variables(Environment& environment, const Environment& more) {
  for (const std::string& variable : more) {
    auto equals = variable.find('=');
    if (equals == std::string::npos || equals == 0 || variable.find('\0') != std::string::npos) continue;
    auto same = find_variable(environment, std::string_view(variable).substr(0, equals + 1));
    if (same == environment.end()) {
      environment.push_back(variable);
    } else {
      *same = variable;
    }
  }
}

void set_default(Environment& environment, const std::string& name, const std::string& value) {
  const std::string prefix = name + "=";
  if (find_variable(environment, prefix) == environment.end()) environment.push_back(prefix + value);
}

}  // namespace ejf::compile
