// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "base/unique_fd.h"

namespace ejf {

/// What to start: everything is computed by the parent; the child only executes.
struct ChildSpec {
  std::string program;            ///< path, no search
  std::vector<std::string> argv;  ///< argv[0] included
  std::vector<std::string> env;   ///< NAME=VALUE; the whole environment
  std::string directory;          ///< working directory, empty: the parent's
  /// (descriptor here, number in the child). 0, 1 and 2 that are not named are /dev/null; nothing else is inherited.
  std::vector<std::pair<int, int>> fds;
  bool own_process_group = false;
};

/// A child process: posix_spawn (vfork inside, so a large parent costs nothing), a pidfd, and certain end: if it still
/// runs when its owner goes, it is killed (its process group too, if it has one of its own) and reaped.
class Child {
 public:
  /// Throws SysError when the program cannot be executed.
  explicit Child(const ChildSpec& spec);
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  pid_t pid() const noexcept { return pid_; }
  int pidfd() const noexcept { return pidfd_.get(); }  ///< readable when the child has ended
  bool is_running() const noexcept { return pid_ > 0; }
  void kill(int signal) const noexcept;
  /// Lets it live on its own.
  void release() noexcept { pid_ = -1; }
  /// Waits and gives the wait status of waitpid(2).
  int wait();

 private:
  void end() noexcept;

  pid_t pid_ = -1;
  bool group_ = false;
  UniqueFd pidfd_;
};

/// True also for a process that we may not signal, or that has ended and was not reaped yet.
bool process_exists(pid_t pid) noexcept;

/// The parent's environment as NAME=VALUE strings.
std::vector<std::string> current_environment();

}  // namespace ejf
