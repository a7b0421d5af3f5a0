// SPDX-License-Identifier: Apache-2.0
// What a jail adds to the time of a trivial script, with pauses between the runs as on a real server: a loop without
// them hides every grace period of the kernel. Usage: jail_latency EJ_JAIL [RUNS [DIRECTORY]]
#include <poll.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/child.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/temp_dir.h"
#include "jail/jail.h"

namespace {

using namespace ejf;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr std::chrono::milliseconds k_pause{20};
constexpr const char* k_script = "#!/bin/sh\nexec cp a b\n";

double percentile(std::vector<double> values, double fraction) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(fraction * static_cast<double>(values.size() - 1))];
}

struct Subject {
  const char* name;
  std::function<void()> once;
  std::vector<double> times = {};
};

/// In turn, so that what else the machine does hits all of them alike.
void measure(std::vector<Subject>& subjects, int runs) {
  constexpr int k_warm_up = 3;
  for (int i = -k_warm_up; i < runs; ++i) {
    for (Subject& subject : subjects) {
      std::this_thread::sleep_for(k_pause);
      auto start = Monotonic::now();
      subject.once();
      if (i >= 0) subject.times.push_back(Milliseconds(Monotonic::now() - start).count());
    }
  }
}

void spawn_bare(const std::string& directory) {
  ChildSpec spec;
  spec.program = directory + "/script";
  spec.argv = {"script"};
  spec.env = {"PATH=/usr/bin:/bin"};
  spec.directory = directory;
  if (Child(spec).wait() != 0) throw Error("the script failed");
}

jail::RunReport run_once(jail::Jail& jail) {
  jail::Box box = jail.make_box({});
  jail.put_file(box, "script", make_memory_file("script", k_script), 0755);
  jail.put_file(box, "a", make_memory_file("a", "content\n"), 0644);
  jail::RunSpec spec;
  spec.argv = {"./script"};
  spec.env = {"PATH=/usr/bin:/bin"};
  spec.limits.memory = std::uint64_t{1} << 30;
  spec.limits.processes = 64;
  spec.outputs = {{"b", 0}};
  jail::RunReport result;
  bool done = false;
  jail.run(box, std::move(spec), [&](jail::RunReport report) {
    result = std::move(report);
    done = true;
  });
  while (!done) {
    pollfd event{jail.fd(), POLLIN, 0};
    if (::poll(&event, 1, -1) > 0) jail.process();
  }
  if (result.outputs.size() != 1 || result.outputs[0].state != jail::FileState::ok) {
    throw Error("the script failed in the jail: " + result.reason + result.log.head);
  }
  return result;
}

void print(const Subject& subject, const Subject& bare) {
  auto at = [](const Subject& one, double fraction) { return percentile(one.times, fraction); };
  std::printf("%-12s min %6.2f  p50 %6.2f  p95 %6.2f ms   added: min %5.2f, p50 %5.2f ms\n", subject.name,
              at(subject, 0), at(subject, 0.5), at(subject, 0.95), at(subject, 0) - at(bare, 0),
              at(subject, 0.5) - at(bare, 0.5));
}

jail::JailConfig make_config(const std::string& broker, jail::Mode mode, const std::string& directory) {
  jail::JailConfig config;
  config.mode = mode;
  config.broker = broker;
  config.work_dir = directory;
  config.user_name = "ejcompile";
  config.first_uid = 65534;
  config.cgroup_name = mode == jail::Mode::full ? "ejforge-bench-full" : "ejforge-bench-none";
  return config;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  try {
    int runs = argc > 2 ? std::atoi(argv[2]) : 200;
    TempDir directory(argc > 3 ? argv[3] : "/tmp", "jail_latency-");
    if (::chmod(directory.path().c_str(), 0755) != 0) throw SysError("chmod", directory.path());
    write_file_at(directory.fd(), "script", k_script, 0755);
    write_file_at(directory.fd(), "a", "content\n", 0644);
    jail::Jail none(make_config(argv[1], jail::Mode::none, directory.path()));
    jail::Jail full(make_config(argv[1], jail::Mode::full, directory.path()));
    std::vector<Subject> subjects = {{"posix_spawn", [&] { spawn_bare(directory.path()); }},
                                     {"Mode::none", [&] { run_once(none); }},
                                     {"Mode::full", [&] { run_once(full); }}};
    measure(subjects, runs);
    for (const Subject& subject : subjects) print(subject, subjects.front());
  } catch (const Error& error) {
    std::fprintf(stderr, "jail_latency: %s\n", error.what());
    return 1;
  }
}
