// SPDX-License-Identifier: Apache-2.0
// The small programs by which a language is tried, DIRECTORY/L/KIND<suffix>, and what else is known of them:
// - correct reads two numbers and prints their sum, wrong has a mistake in it;
// - flags prints 42 if the compiler got the options that samples.cfg names;
// - multi prints 42 together with the files in the directory L/multi, or is an archive of several.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ejf::lang {

/// What becomes of a language's wrong program.
enum class WrongProgram {
  refused,             ///< a compile error
  refused_on_request,  ///< it fails when it runs; with EJUDGE_SYNTAX_CHECK=1 it is a compile error
  fails_when_run,
  unknown,  ///< one of these
};

/// What a program is given and what it has to print, apart from white space.
struct Exchange {
  std::string input;
  std::string answer;
  bool operator==(const Exchange&) const = default;
};

/// What flags and multi print.
constexpr std::string_view k_sample_answer = "42";

/// A line of samples.cfg.
struct SampleNotes {
  WrongProgram wrong = WrongProgram::unknown;
  std::string flags;                                  ///< EJUDGE_FLAGS for the sample of that name
  bool can_run = true;                                ///< alone; some need more than there is
  Exchange first{"2 3\n", "5"};                       ///< of the correct program
  std::optional<Exchange> second{{"20 22\n", "42"}};  ///< empty: it reads nothing
};

/// All samples of a site. The first directory that has one counts; a language without any may share those of another
/// (DIRECTORY/aliases.cfg says L=OTHER), and a variant has those of its base.
class SampleLibrary {
 public:
  /// Files that are missing say nothing. What is wrong with them is in problems().
  SampleLibrary(std::vector<std::string> directories, const std::vector<std::string>& variant_files);

  /// The program of that kind, "correct" for example; empty when there is none.
  std::string find(const std::string& language, std::string_view kind, const std::string& suffix) const;
  SampleNotes notes(const std::string& language) const;
  /// What starts the programs of an architecture: a script beside the compile scripts, or "" for the program itself.
  /// Nothing when they cannot be started here.
  std::optional<std::string> runner(const std::string& arch) const;
  const std::vector<std::string>& directories() const noexcept { return paths_; }
  const std::vector<std::string>& problems() const noexcept { return problems_; }

 private:
  struct Directory {
    std::string path;
    std::map<std::string, std::string> aliases;
    std::map<std::string, SampleNotes> notes;
    std::map<std::string, std::string> runners;
  };
  Directory read_directory(const std::string& path);
  std::vector<std::string> names_of(const Directory& directory, const std::string& language) const;

  std::vector<std::string> paths_;
  std::vector<std::string> problems_;
  std::vector<Directory> directories_;        ///< in the same order
  std::map<std::string, std::string> bases_;  ///< of variants
};

/// The lines LANGUAGE : WRONG : INPUT : FLAGS of a samples.cfg; the last two may be empty or missing. A bad line is
/// left out, and `problems` gets a line about it that begins with `path`.
std::map<std::string, SampleNotes> parse_sample_notes(std::string_view text, const std::string& path,
                                                      std::vector<std::string>& problems);

}  // namespace ejf::lang
