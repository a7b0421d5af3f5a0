// SPDX-License-Identifier: Apache-2.0
// The server's log: standard error, in ejudge's format `2026-11-21T14:01:56Z:info:message`. Which file standard error
// is, the server decides (it re-opens the log by dup2, so that children and messages of libraries go there too).
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace ejf::log {

enum class Level { debug, info, warning, error };

/// Least level that is written; info unless set.
void set_level(Level level);
/// One line: a newline is written as \n, control characters but tab as \xNN: what comes from outside cannot forge a
/// line.
void write(Level level, std::string_view message);

template <typename... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::info, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::warning, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::error, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::debug, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace ejf::log
