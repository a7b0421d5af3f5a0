// SPDX-License-Identifier: Apache-2.0
// The jail as its callers see it: plain specifications and files go in, plain reports and opened, checked files come
// out. How a job is confined, and where its box lives, is the business of `ej-jail`, the broker program that this class
// starts and talks to. Nothing here blocks but `start` and the few microseconds of a send on a local socket.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace ejf::jail {

/// What one run may use; 0 means "no limit of this kind". Sizes in bytes.
struct Limits {
  std::chrono::milliseconds real_time{60'000};  ///< CLOCK_MONOTONIC, from exec to the end of the last process
  std::chrono::milliseconds cpu_time{0};        ///< user and system time of all processes together
  std::chrono::milliseconds idle_time{0};       ///< in which all processes together use no more than 5 ms of cpu time
  std::uint64_t memory = 0;                     ///< all processes and the box together (cgroup)
  std::uint64_t address_space = 0;              ///< RLIMIT_AS of each process
  std::uint64_t stack = 0;                      ///< RLIMIT_STACK
  std::uint64_t file_size = 0;                  ///< RLIMIT_FSIZE
  std::uint32_t processes = 0;                  ///< at one time, threads included
  std::uint32_t open_files = 0;                 ///< RLIMIT_NOFILE
  std::uint64_t log_stored = 1U << 20;          ///< of the output, head and tail that are kept
  std::uint64_t log_drained = 1U << 30;         ///< of the output, what may be written before the job is killed
};

/// The writable directory of a job, /sandbox inside.
struct BoxSpec {
  std::uint64_t bytes = 512ULL << 20;
  std::uint64_t inodes = 65536;
  bool operator==(const BoxSpec&) const = default;
};

/// Shown read-only to one run at `path`, which is absolute. The caller opened it (O_PATH) with its own rights. Without
/// a descriptor it is the opposite: a directory that another visible path holds, and over which an empty one is put.
struct VisiblePath {
  std::string path;
  UniqueFd fd;
};

/// When a file in a box was last written, as its jobs see it.
enum class FileTime { now, of_content };

/// A result that the caller wants when the run has ended. `name` is relative to the box.
struct WantedFile {
  std::string name;
  std::uint64_t size_limit = 0;  ///< bytes; 0 means none
};

struct RunSpec {
  std::vector<std::string> argv;  ///< argv[0] is what is executed: absolute, or relative to `directory`
  std::vector<std::string> env;   ///< NAME=VALUE; the whole environment
  std::string directory;          ///< working directory, relative to the box; empty: the box itself
  UniqueFd standard_input;        ///< none: /dev/null
  bool discard_output = false;    ///< stdout and stderr to /dev/null instead of the log
  bool network = false;           ///< sees the network of the host
  bool loopback = false;          ///< has a loopback interface, which other jobs do not reach; not with `network`
  bool read_only_box = false;     ///< with Mode::full: only .home and .tmp can be written to
  Limits limits;
  std::vector<VisiblePath> visible;
  std::vector<WantedFile> outputs;  ///< at most k_most_outputs

  /// For a run that may be made again: a run takes its descriptors.
  RunSpec duplicate() const;
};

/// Each is a descriptor, and all of them come in one message.
inline constexpr std::size_t k_most_outputs = 252;

/// How a run ended, in the order in which the reasons are looked at (spec: limits set by us first, then the kernel's).
enum class Verdict {
  jail_failed,   ///< our fault or the machine's, or killed before it began: nothing can be said about the program
  start_failed,  ///< argv[0] could not be executed; `reason` says why
  cancelled,     ///< the caller asked for it
  log_limit,     ///< wrote more than limits.log_drained
  memory_limit,  ///< killed by the kernel for limits.memory
  cpu_limit,
  real_time_limit,
  idle_limit,
  signaled,  ///< ended by `signal`
  exited,    ///< ended with `exit_code`
};

enum class FileState {
  ok,  ///< regular, one link, within the size limit; `fd` reads it from its start
  missing,
  not_regular,  ///< link, directory, socket, device, fifo, or more than one hard link
  too_large,
};

struct OutputFile {
  std::string name;
  FileState state = FileState::missing;
  std::uint64_t size = 0;
  bool executable = false;  ///< its owner may execute it
  UniqueFd fd;              ///< only with FileState::ok
};

/// What the run wrote. When it was more than limits.log_stored, `tail` holds the end and `omitted` what lies between.
struct Log {
  std::string head;
  std::string tail;
  std::uint64_t omitted = 0;
};

struct RunReport {
  Verdict verdict = Verdict::jail_failed;
  int exit_code = 0;
  int signal = 0;
  std::string reason;  ///< jail_failed, start_failed: "mount /proc: Operation not permitted"
  std::chrono::microseconds real_time{0};
  std::chrono::microseconds cpu_time{0};
  std::uint64_t peak_memory = 0;  ///< bytes; 0 when not known
  bool box_was_full = false;      ///< its bytes or inodes were used up at the end
  Log log;
  std::vector<OutputFile> outputs;  ///< in the order of RunSpec::outputs
};

enum class Mode {
  full,  ///< namespaces, seccomp, cgroup where there is one; refuses to start when a wall is missing
  none,  ///< --no-jail: rlimits and process group only, the box is a directory below `work_dir`
};

/// Of whom a broker may look at files.
struct Rights {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
  bool operator==(const Rights&) const = default;
};

/// Who a job is, and what every job sees.
struct JailConfig {
  Mode mode = Mode::full;
  std::string broker;     ///< path of ej-jail
  std::string socket;     ///< not empty: where a privileged broker is reached, instead of starting one
  std::string work_dir;   ///< for boxes with Mode::none, and nothing else
  unsigned slots = 1;     ///< runs at one time
  std::string user_name;  ///< name in the synthetic /etc/passwd
  uid_t first_uid = 0;    ///< started as root: jobs get the first free uids (and gids) from here on, one a slot
  std::string cgroup_name = "ejforge";  ///< below the hierarchy's root or our own group; one per server and queue
  bool allow_i386 = false;              ///< programs of the 32-bit ABI may run; else the first call kills them
  bool parks = true;                    ///< the next job's jail is made before there is one; off for measurements
  bool seccomp_log = false;             ///< calls are logged instead of refused: for those who look for what is missing
  Rights later;  ///< root's server, which is about to become this user: who sends the next configuration (release())
  std::vector<std::string>
      visible;  ///< read-only for every run, besides the system's toolchains; missing ones are fine
  /// With a broker that does not say that it is ready, before it is given up. The broker is not told.
  std::chrono::milliseconds start_patience{60'000};
};

/// What is in force, for the log and for `ejforge doctor`.
struct Features {
  std::string namespaces;  ///< "root" or "user namespaces"; empty with Mode::none
  bool seccomp = false;
  bool seccomp_log = false;           ///< it only logs
  std::string cgroup;                 ///< "v2 (memory, pids, cpu)", "v1 ...", "none"
  std::vector<std::string> warnings;  ///< what is weaker than it could be, and what to do about it
};

class BrokerClient;

/// Handle of a box. The box goes when the handle does (or its Jail), with all that it holds.
class Box {
 public:
  Box(Box&& other) noexcept;
  Box& operator=(Box&&) = delete;
  ~Box();
  std::uint32_t id() const noexcept { return id_; }

 private:
  friend class Jail;
  Box(std::weak_ptr<BrokerClient> client, std::uint32_t id) noexcept : client_(std::move(client)), id_(id) {}
  std::weak_ptr<BrokerClient> client_;
  std::uint32_t id_;
};

class Jail {
 public:
  using Callback = std::function<void(RunReport)>;
  using RunId = std::uint64_t;

  /// Starts the broker and waits until it is ready. Throws Error with everything that is missing and what would help.
  explicit Jail(const JailConfig& config);
  /// Goes on with a broker that an earlier program of this process released; it takes the new configuration.
  Jail(const JailConfig& config, UniqueFd broker);
  Jail(const Jail&) = delete;
  Jail& operator=(const Jail&) = delete;
  ~Jail();  ///< ends the broker, which ends every job

  const Features& features() const noexcept;
  pid_t broker_pid() const noexcept;

  /// Lets go of the broker without ending it: its socket, for a program that this process executes next (a server that
  /// was root could not start another one). No run may be under way; nothing but destruction is possible afterwards.
  UniqueFd release();

  /// Becomes readable when there is something for process(), also when the broker has died.
  int fd() const noexcept;
  /// Takes what has arrived and calls the callbacks; never blocks. When the broker has died, every run ends with
  /// Verdict::jail_failed and a new broker is started for the runs to come (throws Error if it cannot be).
  /// After that fd() is another descriptor.
  void process();
  /// After process() has thrown: one more try to start a broker. Until it succeeds there is no fd(), and run() throws.
  void restart();

  /// Errors of the next four are reported by the runs in that box, as Verdict::jail_failed.
  Box make_box(const BoxSpec& spec);
  /// `name` is relative; missing directories above it are made. `content` is read from its start, whoever else has it
  /// open.
  void put_file(Box& box, const std::string& name, UniqueFd content, mode_t mode, FileTime time = FileTime::now);
  /// With all that is missing above it. One that is there already keeps its mode.
  void put_directory(Box& box, const std::string& name, mode_t mode = 0755);
  void put_symlink(Box& box, const std::string& name, const std::string& target);
  /// The box as its runs see it: /sandbox, or a directory of the host with Mode::none. Below it are `.home`, which is
  /// private to the box and meant for HOME, and `.tmp`, to which /tmp leads.
  std::string directory(const Box& box) const;

  /// Starts a run in a free slot; no more than JailConfig::slots at one time, and one at a time in a box.
  /// The callback is called from process(), exactly once. Throws Error when the run cannot be asked for.
  RunId run(Box& box, RunSpec spec, Callback callback);
  /// Kills the run; its callback still comes, with Verdict::cancelled unless it had ended already.
  void cancel(RunId run);

 private:
  std::shared_ptr<BrokerClient> client_;
};

}  // namespace ejf::jail
