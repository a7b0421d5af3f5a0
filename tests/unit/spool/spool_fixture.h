// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/temp_dir.h"
#include "spool/request_queue.h"
#include "spool/safe_directory.h"

namespace ejf::spool {

/// A spool in a directory of its own: the request side is `queue`, the reply side `reply`.
class SpoolTest : public ::testing::Test {
 protected:
  /// As ej-contests does it: source first, then the packet by rename.
  void submit(const std::string& name, std::string_view packet = "packet", const std::string& suffix = ".c",
              std::string_view source = "int main;") {
    make_directory(base, 0775);
    make_directory(base + "/src", 0777);
    write_file_at(open_directory(base + "/src").get(), name + suffix, source, 0644);
    SafeDirectory(base + "/queue").write(name, packet);
  }

  std::vector<std::string> names(const std::string& part) const { return list_directory(open_directory(part).get()); }

  std::size_t count(const std::string& part) const { return names(part).size(); }

  bool exists(const std::string& path) const {
    struct stat info {};
    return ::lstat(path.c_str(), &info) == 0;
  }

  static mode_t mode_of(const std::string& path) {
    struct stat info {};
    return ::lstat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
  }

  /// Claim files in queue/out: neither lock files nor what is foreign.
  std::vector<ClaimName> claims() const {
    std::vector<ClaimName> found;
    for (const std::string& name : names(base + "/queue/out")) {
      if (auto claim = ClaimName::parse(name)) found.push_back(*claim);
    }
    return found;
  }

  TempDir temp{"/tmp", "ejf-test-"};
  std::string base = temp.path() + "/queue";
  std::string reply_base = temp.path() + "/reply";
};

/// Runs `body` in a child process; its wait status. The child ends without destructors: after `body` returned with exit
/// code 0, after an exception with 99.
inline int run_in_child(const std::function<void()>& body) {
  pid_t pid = ::fork();
  if (pid == 0) {
    try {
      body();
    } catch (const std::exception& e) {
      std::fprintf(stderr, "in the child: %s\n", e.what());
      ::_exit(99);
    }
    ::_exit(0);
  }
  int status = -1;
  ::waitpid(pid, &status, 0);
  return status;
}

[[noreturn]] inline void die_as_by_kill_9() {
  ::kill(::getpid(), SIGKILL);
  ::_exit(98);
}

}  // namespace ejf::spool
