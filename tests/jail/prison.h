// SPDX-License-Identifier: Apache-2.0
// A Jail with what every test of it needs: a directory, a way to wait, and a way to say that something is missing.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/temp_dir.h"
#include "jail/jail.h"

namespace ejf::jail {

/// Who the tests run as decides what jail there is: root's, or that of an ordinary user.
bool is_root();

/// What the jail's features must say of namespaces: run.sh knows what it has arranged.
std::string expected_namespaces();

/// A test that cannot run here is skipped, but where CI is set it fails: nothing is skipped unnoticed.
#define EJF_NEED(condition, what)                                        \
  do {                                                                   \
    if (!(condition)) {                                                  \
      if (std::getenv("CI") != nullptr) FAIL() << "missing: " << (what); \
      GTEST_SKIP() << "missing: " << (what);                             \
    }                                                                    \
  } while (false)

bool has_program(const std::string& path);
/// Processes of the machine whose command line contains `marker`.
std::vector<pid_t> processes_with(const std::string& marker);
/// A string that is in no other process's command line.
std::string make_marker();
/// Asks again until it is so, for at most a minute.
bool becomes_true(const std::function<bool()>& condition);
/// What cgroup directories there are of that name.
std::vector<std::string> control_groups_named(const std::string& name);
std::string content_of(const OutputFile& output);

class Prison {
 public:
  explicit Prison(Mode mode, unsigned slots = 2, std::vector<std::string> visible = {});

  Jail& jail() { return *jail_; }
  const JailConfig& config() const { return config_; }
  const TempDir& directory() const { return directory_; }
  bool root() const { return is_root(); }
  void end() { jail_.reset(); }

  Box make_box(const std::map<std::string, std::string>& files = {}, const BoxSpec& spec = {});
  RunReport run_in(Box& box, RunSpec spec);
  RunReport run(RunSpec spec) {
    Box box = make_box();
    return run_in(box, std::move(spec));
  }
  RunReport shell(const std::string& script) { return run(shell_spec(script)); }
  RunReport python(const std::string& script, std::function<void(RunSpec&)> change = {});
  void process_until(const std::function<bool()>& condition);

  static RunSpec shell_spec(const std::string& script);
  static RunSpec python_spec(const std::string& script);

 private:
  TempDir directory_;
  JailConfig config_;
  std::unique_ptr<Jail> jail_;
};

}  // namespace ejf::jail
