// SPDX-License-Identifier: Apache-2.0
// What `ejforge lang test` finds out about a language.
#pragma once

#include <array>
#include <chrono>
#include <string>
#include <string_view>

namespace ejf::tools {

/// What is tried of a language, in the order of the table's columns.
enum class LangCheck { correct, wrong, input, multi, flags };
constexpr std::array<std::string_view, 5> k_lang_check_names{"correct", "wrong", "input", "multi", "flags"};

enum class CheckState {
  none,  ///< the language has no such sample
  passed,
  failed,
  fault,  ///< nothing can be said about the language: the machine or we have failed
};

struct CheckResult {
  CheckState state = CheckState::none;
  std::string remark;  ///< two or three words, for a table
  std::string reason;  ///< of a failure, a sentence
  std::string log;     ///< of the compiler, where it is of interest, or what the program said about itself
};

struct LangTrial {
  std::string language;
  int id = 0;
  std::string version;
  std::array<CheckResult, k_lang_check_names.size()> checks;
  std::chrono::microseconds time{0};  ///< of all compilers and programs that ran

  CheckResult& of(LangCheck check) { return checks.at(static_cast<std::size_t>(check)); }
  bool has(CheckState state) const;
};

/// Whether a program has printed what it should: the same words, whatever is between them.
bool is_same_answer(std::string_view printed, std::string_view wanted);

}  // namespace ejf::tools
