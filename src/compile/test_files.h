// SPDX-License-Identifier: Apache-2.0
// The files of a problem's tests that take part in compilation: headers, footers, test infos, source stubs. They are
// read with the server's own rights.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "compile/header_pattern.h"
#include "compile/job.h"
#include "config/test_info.h"

namespace ejf::compile {

/// What one test adds to the source, or why it cannot.
struct TestFiles {
  std::string header;
  std::string footer;
  config::TestInfo info;
  std::string problem;  ///< for the log, with a newline; empty: all is well
};

class TestDirectory {
 public:
  /// Or what is wrong with header_dir or one of the patterns, for the log.
  static Result<TestDirectory, std::string> open(const Job& job);

  /// Empty when none of the files that the request speaks of exists for this test: the one before was the last.
  std::optional<TestFiles> read(int serial) const;
  /// The text that takes the place of a source that must not compile.
  Result<std::string, std::string> read_stub(const std::string& name) const;
  /// Whether there can be a second test at all.
  bool has_numbers() const;

 private:
  explicit TestDirectory(const Job& job) : job_(&job) {}
  std::string check();
  std::string path_of(std::string_view name, const std::string& suffix) const;
  Result<std::string, std::string> read_file_of(std::string_view kind, const std::string& path) const;
  void read_info(int serial, TestFiles& files) const;
  void read_part(std::string_view kind, const HeaderPattern& pattern, int serial, std::string& text,
                 std::string& problem) const;

  const Job* job_;
  std::string language_part_;  ///< L of protocol.md §7.5: "" or ".g++"
  HeaderPattern header_;
  HeaderPattern footer_;
  HeaderPattern info_;
};

}  // namespace ejf::compile
