// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "config/compile_cfg.h"
#include "packet/compile_reply.h"

namespace ejf::tools {

/// What a person wants to know of one compilation, however it was done.
struct ResultView {
  std::string language;
  std::string version;
  packet::RunStatus status = packet::RunStatus::check_failed;
  std::chrono::microseconds compile_time{0};
  std::optional<std::chrono::microseconds> queued;
  std::optional<std::uint64_t> executable_size;
  std::string executable_path;  ///< where it was copied to; empty: nowhere
  std::string log;
};

/// "4.2 ms", "640 ms", "12.3 s".
std::string human_time(std::chrono::microseconds time);

/// With the language's name and version filled in.
ResultView make_view(const config::Language& language, packet::RunStatus status, std::string log);

/// One line for the result, then the log. Colour on a terminal only, and not with NO_COLOR.
void print_result(const ResultView& view);
/// One JSON object.
void print_result_json(const ResultView& view);
int exit_code(packet::RunStatus status);

/// By short name or number; without one by the file's suffix, the lowest id that is not disabled. Throws UsageError.
const config::Language& choose_language(const config::CompileCfg& cfg, const std::string& wanted,
                                        const std::string& file);

}  // namespace ejf::tools
