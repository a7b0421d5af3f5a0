// SPDX-License-Identifier: Apache-2.0
// The two processes of a job: init, which builds the room and waits, and the target, which is the program. All that
// they need is computed by the zygote before; their code allocates nothing, takes no lock and logs nothing. A step that
// fails is reported as {step, errno}; nothing warns and goes on.
#pragma once

#include <linux/filter.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <cstdint>
#include <span>

namespace ejf::jail {

enum class Step : std::int32_t {
  none,
  zygote,  ///< in ZygoteReport: set-up of the zygote; the text says what
  clone_init,
  death_signal,
  attach_box,
  attach_visible,
  mount_proc,
  fork_target,
  new_session,
  standard_streams,
  own_user_namespace,
  close_descriptors,
  rlimits,
  groups,
  group,
  user,
  capabilities,
  new_privileges,
  directory,
  seccomp,
  execute,
};

/// "mount /proc": what the step does, for "mount /proc: Operation not permitted".
const char* step_name(Step step) noexcept;

struct Failure {
  Step step = Step::none;
  int error = 0;
  explicit operator bool() const noexcept { return step != Step::none; }
};

struct MountAt {
  int mount;
  const char* path;
};

struct Limit {
  int resource;
  rlimit value;
};

struct Inmate {
  bool namespaces = false;  ///< Mode::full
  bool change_user = false;
  bool own_user_namespace = false;  ///< what the kernel counts for a user is counted for this job alone
  uid_t uid = 0;
  char* const* argv = nullptr;
  char* const* env = nullptr;
  const char* directory = nullptr;
  int input = -1;
  int output = -1;
  int box = -1;  ///< the mount that becomes /sandbox
  std::span<const MountAt> visible;
  std::span<const Limit> limits;
  const sock_fprog* filter = nullptr;
  int channel = -1;  ///< to the broker
  std::uint64_t run = 0;
};

/// What a zygote or an init says to the broker, as one packet.
struct ZygoteReport {
  enum class What : std::int32_t { ready, started, failed, ended };
  What what = What::ready;
  Step step = Step::none;
  std::int32_t error = 0;
  std::int32_t pid = 0;     ///< started: of init
  std::int32_t status = 0;  ///< ended: of the target, as of waitpid
  std::uint64_t run = 0;
  std::int64_t real_us = 0;
  bool executed = true;  ///< ended: the target was not killed before it became the program
  char text[256] = {};   ///< failed in the zygote: what
};

/// False when `pid`, an ended child that was not reaped yet, never executed a program.
bool has_executed(pid_t pid) noexcept;

[[noreturn]] void run_init(const Inmate& inmate) noexcept;

}  // namespace ejf::jail
