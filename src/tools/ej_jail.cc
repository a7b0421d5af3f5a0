// SPDX-License-Identifier: Apache-2.0
// ej-jail: the privileged half of the compile server (`--broker FD`, started by class Jail), and a command that runs
// one program in a jail (`run`).
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "base/child.h"
#include "base/error.h"
#include "base/files.h"
#include "jail/broker.h"
#include "jail/jail.h"

namespace {

using namespace ejf;

constexpr int k_exit_failed = 1;
constexpr int k_exit_usage = 2;
constexpr int k_exit_jail_failed = 3;

struct RunOptions {
  jail::JailConfig config;
  jail::BoxSpec box;
  jail::RunSpec spec;
  std::vector<std::string> put;
  std::vector<std::string> get;
  bool help = false;
};

std::uint64_t parse_number(const char* text, std::uint64_t unit) {
  char* end = nullptr;
  errno = 0;
  std::uint64_t value = std::strtoull(text, &end, 10);
  if (errno != 0 || end == text || *text == '-') throw UsageError(std::string{"not a number: "} + text);
  constexpr const char* k_suffixes = "KMGT";
  if (*end != '\0') {
    const char* suffix = std::strchr(k_suffixes, *end);
    if (suffix == nullptr || end[1] != '\0') throw UsageError(std::string{"not a size: "} + text);
    unit <<= 10 * (suffix - k_suffixes + 1);
  }
  return value * unit;
}

struct OptionRow {
  const char* name;
  const char* value;  ///< nullptr: takes none
  const char* help;
  void (*set)(RunOptions&, const char*);
};

constexpr OptionRow k_options[] = {
    {"put", "FILE[:NAME]", "copy a file into the box", [](RunOptions& o, const char* v) { o.put.emplace_back(v); }},
    {"get", "NAME[:FILE]", "copy a file out of the box at the end",
     [](RunOptions& o, const char* v) { o.get.emplace_back(v); }},
    {"env", "NAME=VALUE", "set in the program's environment",
     [](RunOptions& o, const char* v) { o.spec.env.emplace_back(v); }},
    {"memory", "SIZE", "memory of all processes together",
     [](RunOptions& o, const char* v) { o.spec.limits.memory = parse_number(v, 1); }},
    {"time", "SECONDS", "real time",
     [](RunOptions& o, const char* v) {
       constexpr std::uint64_t k_ms = 1000;
       o.spec.limits.real_time = std::chrono::milliseconds(parse_number(v, k_ms));
     }},
    {"processes", "N", "processes and threads at one time",
     [](RunOptions& o, const char* v) { o.spec.limits.processes = static_cast<std::uint32_t>(parse_number(v, 1)); }},
    {"box", "SIZE", "size of the box", [](RunOptions& o, const char* v) { o.box.bytes = parse_number(v, 1); }},
    {"visible", "PATH", "show a path of the host, read-only",
     [](RunOptions& o, const char* v) { o.config.visible.emplace_back(v); }},
    {"uid", "UID", "started as root: the user to run as (65534)",
     [](RunOptions& o, const char* v) { o.config.first_uid = static_cast<uid_t>(parse_number(v, 1)); }},
    {"network", nullptr, "the program sees the host's network",
     [](RunOptions& o, const char*) { o.spec.network = true; }},
    {"no-jail", nullptr, "limits only, in a directory below $TMPDIR",
     [](RunOptions& o, const char*) { o.config.mode = jail::Mode::none; }},
    {"help", nullptr, "show this", [](RunOptions& o, const char*) { o.help = true; }},
};

void print_help() {
  std::puts(
      "Usage: ej-jail run [OPTION]... -- PROGRAM [ARGUMENT]...\n"
      "Runs a program in an empty directory, confined like a compiler. Its output goes to standard output, one\n"
      "line about its end to standard error. Exit code: 0 it exited with 0, 1 it did not, 2 usage, 3 no jail.\n");
  for (const OptionRow& row : k_options) {
    std::string left = std::string{"--"} + row.name + (row.value != nullptr ? std::string{" "} + row.value : "");
    std::printf("  %-20s %s\n", left.c_str(), row.help);
  }
}

RunOptions parse_options(int argc, char** argv) {
  RunOptions options;
  options.config.user_name = "ejcompile";
  constexpr uid_t k_nobody = 65534;
  options.config.first_uid = k_nobody;
  options.config.broker = "/proc/self/exe";
  options.config.cgroup_name = "ejforge-run-" + std::to_string(::getpid());
  const char* temporary = std::getenv("TMPDIR");
  options.config.work_dir = temporary != nullptr ? temporary : "/tmp";
  std::vector<option> table;
  for (const OptionRow& row : k_options) table.push_back({row.name, row.value != nullptr ? 1 : 0, nullptr, 0});
  table.push_back({});
  int index = 0;
  for (int c = 0; (c = ::getopt_long(argc, argv, "+", table.data(), &index)) != -1;) {
    if (c != 0) throw UsageError("try `ej-jail run --help`");
    k_options[index].set(options, optarg);
  }
  for (int i = optind; i < argc; ++i) options.spec.argv.emplace_back(argv[i]);
  if (options.spec.argv.empty() && !options.help) throw UsageError("no program given; try `ej-jail run --help`");
  return options;
}

/// "A:B", or "A" with what `otherwise` makes of it.
std::pair<std::string, std::string> split_pair(const std::string& text, std::string (*otherwise)(const std::string&)) {
  std::size_t colon = text.find(':');
  if (colon == std::string::npos) return {text, otherwise(text)};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

std::string last_component(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

const char* verdict_name(jail::Verdict verdict) {
  switch (verdict) {
    case jail::Verdict::jail_failed:
      return "jail failed";
    case jail::Verdict::start_failed:
      return "could not be started";
    case jail::Verdict::cancelled:
      return "cancelled";
    case jail::Verdict::log_limit:
      return "output limit exceeded";
    case jail::Verdict::memory_limit:
      return "memory limit exceeded";
    case jail::Verdict::cpu_limit:
      return "processor time limit exceeded";
    case jail::Verdict::real_time_limit:
      return "time limit exceeded";
    case jail::Verdict::signaled:
      return "killed by signal";
    case jail::Verdict::exited:
      return "exited with";
  }
  return "unknown";
}

void print_report(const jail::RunReport& report) {
  constexpr double k_us = 1e6;
  std::string detail = report.reason;
  if (report.verdict == jail::Verdict::exited) detail = std::to_string(report.exit_code);
  if (report.verdict == jail::Verdict::signaled) detail = std::to_string(report.signal);
  write_all(STDOUT_FILENO, report.log.head, "standard output");
  if (report.log.omitted != 0) {
    write_all(STDOUT_FILENO, "\n... " + std::to_string(report.log.omitted) + " bytes ...\n", "standard output");
    write_all(STDOUT_FILENO, report.log.tail, "standard output");
  }
  static_cast<void>(std::fprintf(
      stderr, "ej-jail: %s%s%s; %.3f s, %.3f s processor%s\n", verdict_name(report.verdict), detail.empty() ? "" : " ",
      detail.c_str(), static_cast<double>(report.real_time.count()) / k_us,
      static_cast<double>(report.cpu_time.count()) / k_us, report.box_was_full ? "; the box was full" : ""));
}

jail::RunReport run_in(jail::Jail& jail, RunOptions& options) {
  jail::Box box = jail.make_box(options.box);
  for (const std::string& each : options.put) {
    auto [file, name] = split_pair(each, last_component);
    UniqueFd content = open_at(AT_FDCWD, file, O_RDONLY);
    mode_t mode = stat_fd(content.get(), file).st_mode & 0777;
    jail.put_file(box, name, std::move(content), mode);
  }
  for (const std::string& each : options.get) {
    options.spec.outputs.push_back({split_pair(each, last_component).first, 0});
  }
  std::string home = jail.directory(box);
  options.spec.env.insert(options.spec.env.begin(),
                          {"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "HOME=" + home + "/.home",
                           "TMPDIR=" + home + "/.tmp", "USER=" + options.config.user_name});
  jail::RunReport result;
  bool done = false;
  jail.run(box, std::move(options.spec), [&](jail::RunReport report) {
    result = std::move(report);
    done = true;
  });
  while (!done) {
    pollfd event{jail.fd(), POLLIN, 0};
    if (::poll(&event, 1, -1) > 0) jail.process();
  }
  return result;
}

void fetch_outputs(const RunOptions& options, const jail::RunReport& report) {
  for (std::size_t i = 0; i < report.outputs.size(); ++i) {
    const jail::OutputFile& output = report.outputs[i];
    if (output.state != jail::FileState::ok) {
      static_cast<void>(std::fprintf(stderr, "ej-jail: %s: no such regular file in the box\n", output.name.c_str()));
      continue;
    }
    std::string file = split_pair(options.get[i], last_component).second;
    UniqueFd target = open_at(AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC, output.executable ? 0777 : 0666);
    copy_all(output.fd.get(), target.get(), file);
  }
}

/// A program is named as in a shell; the jail wants a path.
std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  for (const char* directory : {"/usr/local/bin/", "/usr/bin/", "/bin/"}) {
    std::string path = directory + name;
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return name;
}

int run_command(int argc, char** argv) {
  RunOptions options = parse_options(argc, argv);
  if (options.help) {
    print_help();
    return 0;
  }
  options.spec.argv.front() = find_program(options.spec.argv.front());
  jail::Jail jail(options.config);
  jail::RunReport report = run_in(jail, options);
  print_report(report);
  if (report.verdict == jail::Verdict::jail_failed) return k_exit_jail_failed;
  fetch_outputs(options, report);
  return report.verdict == jail::Verdict::exited && report.exit_code == 0 ? 0 : k_exit_failed;
}

/// The last word of a command that failed, and its exit code.
int complain(const std::exception& error, int code) {
  static_cast<void>(std::fprintf(stderr, "ej-jail: %s\n", error.what()));
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::string command = argc > 1 ? argv[1] : "";
    if (command == "--broker" && argc == 3)
      return jail::run_broker(static_cast<int>(std::strtol(argv[2], nullptr, 10)));
    if (command == "run") return run_command(argc - 1, argv + 1);
    if (command == "--help") {
      print_help();
      return 0;
    }
    throw UsageError("usage: ej-jail run [OPTION]... -- PROGRAM [ARGUMENT]...");
  } catch (const UsageError& error) {
    return complain(error, k_exit_usage);
  } catch (const Error& error) {
    return complain(error, k_exit_jail_failed);
  }
}
