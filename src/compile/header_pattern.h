// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ejf::compile {

/// One conversion of printf for a number, as in `%03d`.
struct NumberFormat {
  bool left = false;
  bool plus = false;
  bool space = false;
  bool alternate = false;
  bool zero = false;
  std::size_t width = 0;
  std::optional<std::size_t> precision;
  char type = 'd';
};

/// A pattern of a request for the names of headers, footers and info files, such as `header_%03d`. ejudge gives it to
/// printf with the number of the test; here it is taken apart first, for it comes from outside.
class HeaderPattern {
 public:
  /// At most one conversion `%[-+ #0][width][.precision]` with one of d i u x X o; `%%` is a percent sign. The names
  /// must stay below the directory that they are put behind: no `..`, no absolute path, no control characters.
  /// The error is a sentence that names the pattern.
  static Result<HeaderPattern, std::string> parse(std::string_view pattern);

  /// An empty pattern: such files are not used.
  bool empty() const noexcept { return before_.empty() && !conversion_; }
  /// Without a number every test has the same file.
  bool has_number() const noexcept { return conversion_.has_value(); }
  /// What printf would make of it.
  std::string expand(int serial) const;

 private:
  class Parser;

  /// Why the names are not below a directory, or nothing.
  std::string why_outside() const;

  std::string before_;  ///< the whole name when there is no conversion
  std::optional<NumberFormat> conversion_;
  std::string after_;
};

}  // namespace ejf::compile
