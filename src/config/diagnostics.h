// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace ejf::config {

/// One remark about one line of a configuration file.
struct Diagnostic {
  enum class Severity { warning, error };
  Severity severity = Severity::error;
  std::string file;
  int line = 0;  ///< from 1; 0 is the file as a whole
  std::string message;

  /// "file:line: message"
  std::string text() const;
};

/// All remarks about a file and what it includes, so that they can be shown together.
class Diagnostics {
 public:
  void add(Diagnostic diagnostic) { all_.push_back(std::move(diagnostic)); }
  void warn(std::string file, int line, std::string message);
  void error(std::string file, int line, std::string message);

  const std::vector<Diagnostic>& all() const noexcept { return all_; }
  bool has_errors() const noexcept;
  /// Throws ConfigError with all errors, one per line.
  void throw_if_errors() const;

 private:
  std::vector<Diagnostic> all_;
};

}  // namespace ejf::config
