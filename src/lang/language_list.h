// SPDX-License-Identifier: Apache-2.0
// What `--list` shows: every language that has a version script, available or not, and what the script says it is.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "lang/script_runner.h"

namespace ejf::lang {

struct LanguageDescription {
  std::string language;
  std::string text;
};

/// Names that have a script NAME-version in the directory, in byte order. Throws SysError when it cannot be opened.
std::vector<std::string> find_languages(const std::string& script_dir);

/// Asks the version scripts (-l); a language whose script says nothing is left out.
std::vector<LanguageDescription> describe_languages(const std::string& script_dir,
                                                    const std::vector<std::string>& languages,
                                                    const ScriptRunner::Limits& limits);

/// One line each: the name, padded to the longest, and the text. With a width, a line that is longer than width - 1
/// is cut and ends in "...".
std::string format_list(const std::vector<LanguageDescription>& languages, std::optional<std::size_t> width);

/// Of a terminal: the value of COLUMNS if that is a number from 1 to 9999, else 80; at least 10.
std::size_t terminal_width(const char* columns);

}  // namespace ejf::lang
