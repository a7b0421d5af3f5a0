// SPDX-License-Identifier: Apache-2.0
// What ejudge-configure-compilers shows: a log with a live line below it, and the result for programs.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lang/configurator.h"

namespace ejf::tools {

/// Standard error: all that is said, and, on a terminal, one line below that tells what is going on. That nobody reads
/// it is no reason to stop half-way.
class LiveLog {
 public:
  LiveLog();

  void log(std::string_view text);
  void show(const lang::Progress& progress);
  /// Takes the live line away.
  void end();
  lang::Listener listener();

 private:
  void write(std::string_view text) const;

  bool is_terminal_;
  bool has_live_line_;
  bool is_line_start_ = true;
  std::string line_;  ///< shown at present
  std::map<std::string, std::chrono::steady_clock::time_point> since_;
};

/// "12 of 61 languages; now: ghc (14 s) mcs", no longer than `width`. `since` says when each began and is kept up.
std::string describe_progress(const lang::Progress& progress,
                              std::map<std::string, std::chrono::steady_clock::time_point>& since,
                              std::chrono::steady_clock::time_point now, std::size_t width);

/// One line of JSON about the whole run.
std::string configure_result_json(const lang::Configurator& configurator, bool is_rehearsal);
/// One line of JSON for --list.
std::string language_list_json(const std::vector<lang::LanguageDescription>& languages);

/// Whether --strict has something to complain about.
bool has_failed(const lang::Configurator& configurator);

}  // namespace ejf::tools
