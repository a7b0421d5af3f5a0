// SPDX-License-Identifier: Apache-2.0
// The info file of one test ("compiler_env" files of multi-header problems, protocol.md §7.5). It is the same file that
// ejudge reads when it runs tests, so all of its keys are known and checked; those that concern compilation are kept.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ejf::config {

struct TestInfo {
  std::vector<std::string> compiler_env;
  std::vector<std::string> style_checker_env;
  bool compiler_must_fail = false;
  bool allow_compile_error = false;
  /// What is compiled in the place of a program that did not compile: a plain name (is_plain_name), or empty.
  std::string source_stub;
  std::string comment;  ///< why the compiler must fail; for people, may hold any character but NUL
};

struct TestInfoError {
  int line = 0;         ///< from 1
  std::string message;  ///< one line; names key and value
};

/// The text of a variable (`request.run_id`, `lang.short_name`), with C escapes; empty for one that is not known.
using Substitute = std::function<std::string(std::string_view name)>;

/// `substitute` is asked for the lines behind `enable_subst` only.
Result<TestInfo, TestInfoError> parse_test_info(std::string_view text, const Substitute& substitute);

}  // namespace ejf::config
