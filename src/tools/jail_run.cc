// SPDX-License-Identifier: Apache-2.0
// ej-jail run [OPTION]... -- PROGRAM [ARGUMENT]...
#include <fcntl.h>
#include <getopt.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "tools/jail_commands.h"
#include "tools/jail_once.h"

namespace ejf::tools {

namespace {

struct RunOptions {
  jail::JailConfig config = own_jail_config();
  jail::BoxSpec box;
  jail::RunSpec spec;
  std::vector<std::string> put;
  std::vector<std::string> get;
  bool json = false;
  bool help = false;
};

/// A whole number with an optional K, M, G or T.
std::uint64_t parse_size(const char* text) {
  char* end = nullptr;
  errno = 0;
  const std::uint64_t value = std::strtoull(text, &end, 10);
  if (errno != 0 || end == text || std::strpbrk(text, "-+ ") != nullptr)
    throw UsageError(std::string{"not a number: "} + text);
  if (*end == '\0') return value;
  constexpr const char* k_suffixes = "KMGT";
  const char* suffix = std::strchr(k_suffixes, *end);
  if (suffix == nullptr || end[1] != '\0') throw UsageError(std::string{"not a size: "} + text);
  const auto shift = static_cast<unsigned>(10 * (suffix - k_suffixes + 1));
  if (value > std::numeric_limits<std::uint64_t>::max() >> shift) throw UsageError(std::string{"too large: "} + text);
  return value << shift;
}

std::uint32_t parse_count(const char* text) {
  const std::uint64_t value = parse_size(text);
  if (value > std::numeric_limits<std::uint32_t>::max()) throw UsageError(std::string{"too large: "} + text);
  return static_cast<std::uint32_t>(value);
}

std::chrono::milliseconds parse_seconds(const char* text) {
  constexpr double k_ms = 1000;
  constexpr double k_longest = 1e9;
  char* end = nullptr;
  const double value = std::strtod(text, &end);
  if (end == text || *end != '\0' || !(value >= 0 && value <= k_longest))
    throw UsageError(std::string{"not a time: "} + text);
  // What is not nothing is not "no limit" either.
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(value * k_ms)));
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
    {"stdin", "FILE", "standard input; else it is empty",
     [](RunOptions& o, const char* v) { o.spec.standard_input = open_at(AT_FDCWD, v, O_RDONLY); }},
    {"dir", "NAME", "work in this directory of the box, which is made",
     [](RunOptions& o, const char* v) { o.spec.directory = v; }},
    {"env", "NAME=VALUE", "set in the program's environment",
     [](RunOptions& o, const char* v) { o.spec.env.emplace_back(v); }},
    {"time", "SECONDS", "real time (60)",
     [](RunOptions& o, const char* v) { o.spec.limits.real_time = parse_seconds(v); }},
    {"cpu-time", "SECONDS", "processor time of all processes together",
     [](RunOptions& o, const char* v) { o.spec.limits.cpu_time = parse_seconds(v); }},
    {"idle-time", "SECONDS", "real time in which no processor time is used",
     [](RunOptions& o, const char* v) { o.spec.limits.idle_time = parse_seconds(v); }},
    {"memory", "SIZE", "memory of all processes and the box together",
     [](RunOptions& o, const char* v) { o.spec.limits.memory = parse_size(v); }},
    {"address-space", "SIZE", "address space of each process",
     [](RunOptions& o, const char* v) { o.spec.limits.address_space = parse_size(v); }},
    {"stack", "SIZE", "stack of each process",
     [](RunOptions& o, const char* v) { o.spec.limits.stack = parse_size(v); }},
    {"file-size", "SIZE", "size of a file",
     [](RunOptions& o, const char* v) { o.spec.limits.file_size = parse_size(v); }},
    {"processes", "N", "processes and threads at one time",
     [](RunOptions& o, const char* v) { o.spec.limits.processes = parse_count(v); }},
    {"open-files", "N", "open files of each process",
     [](RunOptions& o, const char* v) { o.spec.limits.open_files = parse_count(v); }},
    {"output", "SIZE", "output that is kept, its beginning and its end (1M)",
     [](RunOptions& o, const char* v) { o.spec.limits.log_stored = parse_size(v); }},
    {"output-limit", "SIZE", "output after which the program is killed (1G)",
     [](RunOptions& o, const char* v) { o.spec.limits.log_drained = parse_size(v); }},
    {"box", "SIZE", "size of the box (512M)", [](RunOptions& o, const char* v) { o.box.bytes = parse_size(v); }},
    {"inodes", "N", "files and directories in the box (65536)",
     [](RunOptions& o, const char* v) { o.box.inodes = parse_size(v); }},
    {"visible", "PATH", "show a path of the host, read-only",
     [](RunOptions& o, const char* v) { o.config.visible.emplace_back(v); }},
    {"uid", "UID", "started as root: the user to run as (65534)",
     [](RunOptions& o, const char* v) { o.config.first_uid = parse_count(v); }},
    {"i386", nullptr, "32-bit programs may run", [](RunOptions& o, const char*) { o.config.allow_i386 = true; }},
    {"loopback", nullptr, "a loopback interface of its own",
     [](RunOptions& o, const char*) { o.spec.loopback = true; }},
    {"network", nullptr, "the program sees the host's network",
     [](RunOptions& o, const char*) { o.spec.network = true; }},
    {"no-jail", nullptr, "limits only, in a directory below $TMPDIR",
     [](RunOptions& o, const char*) { o.config.mode = jail::Mode::none; }},
    {"json", nullptr, "say how it ended in JSON", [](RunOptions& o, const char*) { o.json = true; }},
    {"help", nullptr, "show this", [](RunOptions& o, const char*) { o.help = true; }},
};

RunOptions parse_options(int argc, char** argv) {
  RunOptions options;
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

void print_report(const jail::RunReport& report, bool json) {
  write_all(STDOUT_FILENO, report.log.head, "standard output");
  if (report.log.omitted != 0) {
    write_all(STDOUT_FILENO, "\n... " + std::to_string(report.log.omitted) + " bytes ...\n", "standard output");
    write_all(STDOUT_FILENO, report.log.tail, "standard output");
  }
  if (json) {
    static_cast<void>(std::fprintf(stderr, "%s\n", report_json(report).c_str()));
    return;
  }
  constexpr double k_us = 1e6;
  static_cast<void>(std::fprintf(stderr, "ej-jail: %s; %.3f s, %.3f s processor%s\n", describe_end(report).c_str(),
                                 static_cast<double>(report.real_time.count()) / k_us,
                                 static_cast<double>(report.cpu_time.count()) / k_us,
                                 report.box_was_full ? "; the box was full" : ""));
}

jail::RunReport run_in(jail::Jail& jail, RunOptions& options) {
  jail::Box box = jail.make_box(options.box);
  if (!options.spec.directory.empty()) jail.put_directory(box, options.spec.directory);
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
  return run_to_the_end(jail, box, std::move(options.spec));
}

void fetch_outputs(const RunOptions& options, const jail::RunReport& report) {
  for (std::size_t i = 0; i < report.outputs.size(); ++i) {
    const jail::OutputFile& output = report.outputs[i];
    if (output.state != jail::FileState::ok) {
      if (options.json) continue;
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

}  // namespace

void print_jail_help() {
  std::puts(
      "Usage: ej-jail run [OPTION]... -- PROGRAM [ARGUMENT]...\n"
      "Runs a program in an empty directory, the box, confined like a compiler. Its output goes to standard output,\n"
      "one line about its end to standard error. Exit code: 0 it exited with 0, 1 it did not, 2 usage, 3 no jail.\n");
  for (const OptionRow& row : k_options) {
    std::string left{"--"};
    left.append(row.name);
    if (row.value != nullptr) left.append(" ").append(row.value);
    std::printf("  %-21s %s\n", left.c_str(), row.help);
  }
  std::puts(
      "\nA SIZE may have K, M, G or T behind it; SECONDS may have a fraction.\n\n"
      "Usage: ej-jail --self-test\n"
      "Says what the jail finds on this machine and how to mend what is missing, and tries the jail out.");
}

int run_in_jail(int argc, char** argv) {
  RunOptions options = parse_options(argc, argv);
  if (options.help) {
    print_jail_help();
    return k_jail_done;
  }
  options.spec.argv.front() = find_program(options.spec.argv.front());
  jail::Jail jail(options.config);
  for (const std::string& warning : jail.features().warnings) {
    if (!options.json) static_cast<void>(std::fprintf(stderr, "ej-jail: %s\n", warning.c_str()));
  }
  jail::RunReport report = run_in(jail, options);
  print_report(report, options.json);
  if (report.verdict == jail::Verdict::jail_failed) return k_jail_failed;
  fetch_outputs(options, report);
  return report.verdict == jail::Verdict::exited && report.exit_code == 0 ? k_jail_done : k_jail_program_failed;
}

}  // namespace ejf::tools
