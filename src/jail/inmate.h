// SPDX-License-Identifier: Apache-2.0
// The two processes of a job: init, which builds the room and waits, and the target, which becomes the program. What is
// here allocates nothing, takes no lock and logs nothing: all that it needs is computed before (job_init.cc). A step
// that fails is reported as {step, errno}; nothing warns and goes on.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstdint>
#include <span>

namespace ejf::jail {

enum class Step : std::int32_t {
  none,
  zygote,  ///< in InitReport: set-up of the zygote, or of the job before its steps; the text says what
  clone_init,
  death_signal,
  cgroup_namespace,
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

/// What is ready before the job is known.
struct Room {
  bool namespaces = false;            ///< Mode::full
  int channel = -1;                   ///< to the broker
  bool own_cgroup_namespace = false;  ///< born in a group that its zygote is not in
  std::uint64_t cookie = 0;           ///< what opens our own calls in the filter
};

struct Inmate {
  Room room;
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
};

/// What a target leaves for init, whose memory it shares until it is the program.
struct TargetNotes {
  bool has_order = false;       ///< else it ended without one, and no job has begun
  bool has_reported = false;    ///< what went wrong, by itself
  Failure failure;              ///< why it did not become the program
  std::int64_t started_us = 0;  ///< CLOCK_MONOTONIC
  uid_t own_uid = 0;            ///< whose processes are all the job's; 0: there is none
};

/// What a zygote, an init or a target says to the broker, as one packet.
struct InitReport {
  enum class What : std::int32_t { ready, failed, ended };
  What what = What::ready;
  Step step = Step::none;
  std::int32_t error = 0;
  char text[256] = {};  ///< failed at Step::zygote: what
  // ended:
  std::int32_t status = 0;  ///< of the target, as of waitpid
  bool executed = true;     ///< the target was not killed before it became the program
  bool alone = false;       ///< no other process of the job is left, and what they used stands below
  std::int64_t real_us = 0;
  std::int64_t cpu_us = 0;
  std::uint64_t largest_process = 0;  ///< resident, in bytes
};

/// False when `pid`, an ended child that was not reaped yet, never executed a program.
bool has_executed(pid_t pid) noexcept;

void send_report(int channel, const InitReport& report) noexcept;
[[noreturn]] void give_up(int channel, Failure failure) noexcept;

/// Init's part before its target: it needs no job.
Failure make_room(const Room& room) noexcept;
/// Starts the target, which runs `live` with `argument` in init's memory, says that a job may come, and waits for it.
[[noreturn]] void run_init(const Room& room, int (*live)(void*), void* argument, const TargetNotes& notes) noexcept;
/// The target's part. First, for init has no handlers and blocks what it waits for:
void unblock_signals() noexcept;
/// It ends when init does: without namespaces by this, with them by the kernel. False when init has ended.
bool die_with_init(const Room& room, pid_t init) noexcept;
/// And when it has its order:
[[noreturn]] void run_target(const Inmate& inmate, TargetNotes& notes) noexcept;

}  // namespace ejf::jail
