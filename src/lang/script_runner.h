// SPDX-License-Identifier: Apache-2.0
// Runs many small scripts of strangers, several at a time, and gets back from each of them what it says, whatever it
// does: hang, flood, die, leave processes behind.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"

namespace ejf::lang {

struct ScriptCall {
  std::string program;            ///< path, executed as it is (no shell is put in front of a script without #!)
  std::vector<std::string> argv;  ///< argv[0] included
  std::string directory;          ///< its own: parallel scripts use the same names for their files
};

struct ScriptResult {
  enum class End { ended, timed_out, too_much_output, not_started };

  End end = End::not_started;
  int wait_status = 0;  ///< of waitpid(2), when it ended
  std::string output;   ///< standard output, complete when it ended
  std::string error;    ///< why it was not started

  bool is_success() const noexcept { return end == End::ended && wait_status == 0; }
};

/// How far a run is.
struct ScriptProgress {
  std::size_t done = 0;
  std::size_t total = 0;
  std::vector<std::size_t> running;  ///< indices, in order
};

/// Standard input is /dev/null. Each script is the leader of a process group that is killed when its time is over, and
/// also when the script has ended but something it left behind keeps the pipes open. SIGINT, SIGTERM and SIGHUP during
/// a run kill all of them and throw Interrupted.
class ScriptRunner {
 public:
  struct Limits {
    unsigned jobs = 1;  ///< how many run at once
    std::chrono::milliseconds timeout{60000};
    std::size_t output = std::size_t{1} << 20;  ///< of standard output; more is an error
  };
  /// Takes standard error of the script with that index as it comes: all of the first script, then all of the
  /// second; the one whose turn it is, as it comes.
  using ErrorSink = std::function<void(std::size_t index, std::string_view piece)>;

  /// Called when a script has begun or ended, and once a second in between.
  using ProgressSink = std::function<void(const ScriptProgress& progress)>;

  ScriptRunner(Limits limits, ErrorSink sink, ProgressSink progress = {});

  /// Results in the order of the calls.
  std::vector<ScriptResult> run(const std::vector<ScriptCall>& calls);

 private:
  Limits limits_;
  ErrorSink sink_;
  ProgressSink progress_;
};

}  // namespace ejf::lang
