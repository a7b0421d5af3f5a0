// SPDX-License-Identifier: Apache-2.0
#include "config/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace ejf::config {

std::string Diagnostic::text() const {
  if (line == 0) return fmt::format("{}: {}", file, message);
  return fmt::format("{}:{}: {}", file, line, message);
}

void Diagnostics::warn(std::string file, int line, std::string message) {
  add({Diagnostic::Severity::warning, std::move(file), line, std::move(message)});
}

void Diagnostics::error(std::string file, int line, std::string message) {
  add({Diagnostic::Severity::error, std::move(file), line, std::move(message)});
}

bool Diagnostics::has_errors() const noexcept {
  return std::any_of(all_.begin(), all_.end(),
                     [](const Diagnostic& one) { return one.severity == Diagnostic::Severity::error; });
}

void Diagnostics::throw_if_errors() const {
  std::string text;
  for (const Diagnostic& one : all_) {
    if (one.severity != Diagnostic::Severity::error) continue;
    if (!text.empty()) text += '\n';
    text += one.text();
  }
  if (!text.empty()) throw ConfigError(text);
}

}  // namespace ejf::config
