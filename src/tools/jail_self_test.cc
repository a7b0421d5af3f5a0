// SPDX-License-Identifier: Apache-2.0
// ej-jail --self-test
#include <fcntl.h>
#include <poll.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/unique_fd.h"
#include "jail/probe.h"
#include "jail/self_test.h"
#include "tools/jail_commands.h"
#include "tools/jail_once.h"

namespace ejf::tools {

namespace {

/// True when nothing is missing that is needed.
bool print_features() {
  bool is_complete = true;
  std::printf("%-25s %-8s %-7s %s\n", "feature", "state", "", "what the jail has it for");
  for (const jail::ProbedFeature& each : jail::probe_features(::geteuid() == 0, jail::Need::nice)) {
    const jail::Finding& found = each.found;
    std::printf("%-25s %-8s %-7s %s%s%s\n", each.name, presence_name(found.presence), need_name(each.need),
                each.purpose, found.detail.empty() ? "" : ": ", found.detail.c_str());
    if (!found.mend.empty()) std::printf("%-25s mend it: %s\n", "", found.mend.c_str());
    if (each.need == jail::Need::needed && found.presence != jail::Presence::there) is_complete = false;
  }
  return is_complete;
}

void print_in_force(const jail::Features& features) {
  std::printf("\nin force: %s, seccomp, cgroup %s\n", features.namespaces.c_str(), features.cgroup.c_str());
  for (const std::string& warning : features.warnings) std::printf("          %s\n", warning.c_str());
}

/// Whether every process that had the other end of this pipe has gone. The jail's own first process may be a moment
/// behind the report; what a job has left stays for ever.
bool is_abandoned(const UniqueFd& write_end) {
  constexpr int k_moment_ms = 5000;
  pollfd event{write_end.get(), 0, 0};
  return ::poll(&event, 1, k_moment_ms) == 1 && (event.revents & POLLERR) != 0;
}

/// Empty when the promise holds.
std::string try_out(jail::Jail& jail, const jail::SelfTest& test) {
  jail::BoxSpec box_spec;
  jail::RunSpec spec;
  test.set_limits(box_spec, spec.limits);
  jail::Box box = jail.make_box(box_spec);
  jail.put_file(box, "self-test", open_at(AT_FDCWD, "/proc/self/exe", O_RDONLY), 0755);
  spec.argv = {"./self-test", std::string{jail::k_self_test_inside}, test.name};
  Pipe life = make_pipe();
  spec.standard_input = std::move(life.read_end);
  const jail::RunReport report = run_to_the_end(jail, box, std::move(spec));
  if (!is_abandoned(life.write_end)) return "a process still lives";
  const bool is_good = report.verdict == test.wanted && report.exit_code == 0;
  if (is_good) return {};
  std::string said = report.log.head.substr(0, report.log.head.find('\n'));
  constexpr std::size_t k_line = 100;
  if (said.size() > k_line) said.resize(k_line);
  return describe_end(report) + (said.empty() ? "" : ": " + said);
}

/// How many of the promises do not hold.
std::size_t print_tests(jail::Jail& jail) {
  std::size_t failed = 0;
  std::puts("");
  for (const jail::SelfTest& test : jail::self_tests()) {
    const std::string why = try_out(jail, test);
    std::printf("%-4s %s%s%s\n", why.empty() ? "ok" : "FAIL", test.promise, why.empty() ? "" : ": ", why.c_str());
    static_cast<void>(std::fflush(stdout));
    if (!why.empty()) ++failed;
  }
  return failed;
}

}  // namespace

int run_self_test() {
  utsname kernel{};
  ::uname(&kernel);
  std::printf("the jail of %s on %s %s\n\n", ::geteuid() == 0 ? "root" : "an ordinary user", kernel.sysname,
              kernel.release);
  const bool is_complete = print_features();
  static_cast<void>(std::fflush(stdout));  // the broker's complaint comes behind it
  if (!is_complete) throw Error("no jail can be had here: something is missing that is needed");
  jail::Jail jail(own_jail_config());
  print_in_force(jail.features());
  const std::size_t failed = print_tests(jail);
  const std::size_t all = jail::self_tests().size();
  std::printf("\n%zu of %zu promises hold\n", all - failed, all);
  return failed == 0 ? k_jail_done : k_jail_failed;
}

}  // namespace ejf::tools
