// SPDX-License-Identifier: Apache-2.0
// The measuring half of bench/jail, which says what it is asked for. Times are printed in microseconds.
//   latency EJ_JAIL ROUNDS PAUSE_MS [WORD...]   /bin/true bare, by the command that the WORDs are, in a cold jail and
//   in
//                                               a parked one, in turns; "NAME TIME" a line
//   many EJ_JAIL JOBS                           jobs that write a file; "broker PID" before them and "done" behind
//   them,
//                                               each of which waits for a line on standard input
//   throughput EJ_JAIL SLOTS JOBS true|g++      "JOBS MICROSECONDS"
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/temp_dir.h"
#include "jail/jail.h"

namespace {

using namespace ejf;

constexpr const char* k_true = "/bin/true";
constexpr const char* k_hello = "#include <iostream>\nint main() { std::cout << \"Hello, world!\" << std::endl; }\n";

std::int64_t microseconds_since(Monotonic::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Monotonic::now() - start).count();
}

jail::JailConfig make_config(const std::string& broker, const TempDir& directory, const char* name) {
  jail::JailConfig config;
  config.broker = broker;
  config.work_dir = directory.path();
  config.user_name = "ejcompile";
  constexpr uid_t k_first_uid = 65000;
  config.first_uid = k_first_uid;
  // A name of our own: a broker sweeps what it finds under its name.
  config.cgroup_name = std::string{"ejforge-bench-"}.append(name).append("-").append(std::to_string(::getpid()));
  return config;
}

jail::RunSpec spec_of(std::vector<std::string> argv) {
  jail::RunSpec spec;
  spec.argv = std::move(argv);
  spec.env = {"PATH=/usr/bin:/bin"};
  spec.limits.memory = std::uint64_t{1} << 30;
  spec.limits.processes = 64;
  return spec;
}

void check(const jail::RunReport& report) {
  if (report.verdict == jail::Verdict::exited && report.exit_code == 0) return;
  throw Error("a job failed: " + report.reason + report.log.head);
}

/// Starts the jobs of `make`, as many at a time as there are slots, until all have ended.
void run_jobs(jail::Jail& jail, unsigned slots, std::uint64_t jobs,
              const std::function<void(jail::Jail&, jail::Jail::Callback)>& start) {
  std::uint64_t begun = 0;
  std::uint64_t ended = 0;
  while (ended < jobs) {
    for (; begun < jobs && begun - ended < slots; ++begun) {
      start(jail, [&](const jail::RunReport& report) {
        check(report);
        ++ended;
      });
    }
    pollfd event{jail.fd(), POLLIN, 0};
    if (::poll(&event, 1, -1) > 0) jail.process();
  }
}

/// The box goes when the job has ended.
void start_true(jail::Jail& jail, jail::Jail::Callback callback) {
  auto box = std::make_shared<jail::Box>(jail.make_box({}));
  jail.run(*box, spec_of({k_true}),
           [box, callback = std::move(callback)](jail::RunReport report) { callback(std::move(report)); });
}

void start_writer(jail::Jail& jail, jail::Jail::Callback callback) {
  auto box = std::make_shared<jail::Box>(jail.make_box({}));
  jail.put_file(*box, "a", make_memory_file("a", "content\n"), 0644);
  jail::RunSpec spec = spec_of({"/bin/cp", "a", "b"});
  spec.outputs = {{"b", 0}};
  jail.run(*box, std::move(spec),
           [box, callback = std::move(callback)](jail::RunReport report) { callback(std::move(report)); });
}

void start_gxx(jail::Jail& jail, jail::Jail::Callback callback) {
  auto box = std::make_shared<jail::Box>(jail.make_box({}));
  jail.put_file(*box, "a.cpp", make_memory_file("a", k_hello), 0644);
  jail::RunSpec spec = spec_of({"/usr/bin/g++", "-O2", "-o", "a", "a.cpp"});
  spec.env.emplace_back("HOME=/sandbox/.home");
  spec.outputs = {{"a", 0}};
  jail.run(*box, std::move(spec),
           [box, callback = std::move(callback)](jail::RunReport report) { callback(std::move(report)); });
}

void spawn(std::vector<std::string> words) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = -1;
  if (const int error = ::posix_spawn(&pid, argv[0], nullptr, nullptr, argv.data(), environ); error != 0) {
    throw SysError("spawn", words.front(), error);
  }
  int status = 0;
  if (::waitpid(pid, &status, 0) != pid || status != 0) throw Error(words.front() + " failed");
}

/// In turn, so that what else the machine does hits all of them alike, and in another order each time, so that none of
/// them always comes behind the same other, whose remains are still being cleared away.
void measure_latency(const std::string& broker, int rounds, int pause_ms, const std::vector<std::string>& other) {
  const TempDir directory("/tmp", "jail_latency-");
  jail::JailConfig config = make_config(broker, directory, "warm");
  jail::Jail warm(config);
  config.cgroup_name += "-cold";
  config.parks = false;
  jail::Jail cold(config);
  struct Subject {
    const char* name;
    std::function<void()> once;
  };
  std::vector<Subject> subjects = {{"bare", [] { spawn({k_true}); }},
                                   {"cold", [&] { run_jobs(cold, 1, 1, start_true); }},
                                   {"parked", [&] { run_jobs(warm, 1, 1, start_true); }}};
  if (!other.empty()) subjects.push_back({"other", [&] { spawn(other); }});
  constexpr int k_warm_up = 3;
  std::minstd_rand random;
  for (int i = -k_warm_up; i < rounds; ++i) {
    std::shuffle(subjects.begin(), subjects.end(), random);
    for (const Subject& subject : subjects) {
      std::this_thread::sleep_for(std::chrono::milliseconds(pause_ms));
      const auto start = Monotonic::now();
      subject.once();
      if (i >= 0) std::printf("%s %ld\n", subject.name, static_cast<long>(microseconds_since(start)));
    }
  }
}

void say_and_wait(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
  while (std::getchar() != '\n' && std::feof(stdin) == 0) {
  }
}

void run_many(const std::string& broker, std::uint64_t jobs) {
  const TempDir directory("/tmp", "jail_latency-");
  constexpr unsigned k_slots = 2;
  constexpr std::uint64_t k_warm_up = 500;
  jail::JailConfig config = make_config(broker, directory, "many");
  config.slots = k_slots;
  jail::Jail jail(config);
  run_jobs(jail, k_slots, k_warm_up, start_writer);
  say_and_wait("broker " + std::to_string(jail.broker_pid()));
  run_jobs(jail, k_slots, jobs, start_writer);
  say_and_wait("done");
}

void measure_throughput(const std::string& broker, unsigned slots, std::uint64_t jobs, const std::string& what) {
  const TempDir directory("/tmp", "jail_latency-");
  jail::JailConfig config = make_config(broker, directory, "throughput");
  config.slots = slots;
  jail::Jail jail(config);
  auto* start = what == "g++" ? start_gxx : start_true;
  run_jobs(jail, slots, slots, start);
  const auto begin = Monotonic::now();
  run_jobs(jail, slots, jobs, start);
  std::printf("%lu %ld\n", static_cast<unsigned long>(jobs), static_cast<long>(microseconds_since(begin)));
}

bool run_command(const std::vector<std::string>& words) {
  const std::size_t count = words.size();
  if (count >= 4 && words[0] == "latency") {
    measure_latency(words[1], std::stoi(words[2]), std::stoi(words[3]), {words.begin() + 4, words.end()});
  } else if (count == 3 && words[0] == "many") {
    run_many(words[1], std::stoul(words[2]));
  } else if (count == 5 && words[0] == "throughput") {
    measure_throughput(words[1], static_cast<unsigned>(std::stoul(words[2])), std::stoul(words[3]), words[4]);
  } else {
    return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (run_command({argv + 1, argv + argc})) return 0;
    std::fprintf(stderr, "jail_latency: bench/jail says how it is used\n");
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "jail_latency: %s\n", error.what());
    return 1;
  }
}
