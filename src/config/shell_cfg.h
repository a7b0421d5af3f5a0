// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/diagnostics.h"

namespace ejf::config {

/// lang.d/*.cfg, lang_ids.cfg and what a version script prints: lines NAME=VALUE that a shell could source, read
/// without a shell. Quoted pieces may stand anywhere in a value and do not span lines; a backslash and a dollar mean
/// themselves;
/// `#` outside quotes starts a comment. NAME is a letter, then letters, digits, `_`, `-` or `+`.
class ShellCfg {
 public:
  /// Anything else in the text fails the whole of it, as in ejudge.
  static Result<ShellCfg, Diagnostic> parse(std::string_view text, std::string file);

  /// The value of exactly this name.
  std::optional<std::string> find(std::string_view name) const;
  /// In the order of the file; a repeated name keeps its first place and has its last value.
  const std::vector<std::pair<std::string, std::string>>& variables() const noexcept { return variables_; }

 private:
  std::vector<std::pair<std::string, std::string>> variables_;
};

}  // namespace ejf::config
