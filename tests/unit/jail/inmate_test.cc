// SPDX-License-Identifier: Apache-2.0
#include "jail/inmate.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "base/unique_fd.h"

namespace ejf::jail {
namespace {

/// What has_executed() says about a child that waits, after exec or without one, and is killed then.
bool answer_for_killed(bool executes) {
  Pipe end_of_fork = make_pipe();  // close-on-exec: its end is exec's
  const pid_t pid = ::fork();
  if (pid == 0) {
    if (executes) ::execl("/bin/sleep", "ejf (0 ) name", "1000", nullptr);
    end_of_fork.write_end.reset();
    for (;;) ::pause();
  }
  end_of_fork.write_end.reset();
  char byte = 0;
  EXPECT_EQ(::read(end_of_fork.read_end.get(), &byte, 1), 0);
  ::kill(pid, SIGKILL);
  siginfo_t info{};
  EXPECT_EQ(::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT), 0);
  const bool answer = has_executed(pid);
  ::waitpid(pid, nullptr, 0);
  return answer;
}

TEST(HasExecuted, TellsAProgramFromAForkOfOurs) {
  EXPECT_TRUE(answer_for_killed(true));
  EXPECT_FALSE(answer_for_killed(false));
}

}  // namespace
}  // namespace ejf::jail
