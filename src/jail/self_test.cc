// SPDX-License-Identifier: Apache-2.0
#include "jail/self_test.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace ejf::jail {

namespace {

constexpr std::uint64_t k_mib = std::uint64_t{1} << 20;
constexpr std::uint32_t k_few_processes = 16;
constexpr std::uint64_t k_small_box = 64 * k_mib;
constexpr std::uint64_t k_few_inodes = 64;

int complain(const std::string& what) {
  std::puts(what.c_str());
  return 1;
}

int complain_if(bool condition, const std::string& what) {
  return condition ? complain(what) : 0;
}

int run_a_program() {
  constexpr int k_code = 7;
  pid_t pid = ::fork();
  if (pid < 0) return complain("fork: " + std::string{std::strerror(errno)});
  if (pid == 0) {
    ::execl("/bin/sh", "sh", "-c", "exit 7", nullptr);
    ::_exit(1);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return complain_if(!WIFEXITED(status) || WEXITSTATUS(status) != k_code, "/bin/sh does not work");
}

int look_for_files() {
  for (const char* path :
       {"/home", "/root", "/run", "/sys", "/boot", "/srv", "/etc/shadow", "/var/log", "/var/spool"}) {
    if (::access(path, F_OK) == 0) return complain(std::string{path} + " can be seen");
  }
  return 0;
}

int write_outside() {
  for (const char* directory : {"/", "/usr", "/usr/bin", "/etc", "/var", "/dev", "/proc"}) {
    const std::string path = std::string{directory} + "/ej-jail-self-test";
    UniqueFd file{::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
    if (file) return complain(std::string{directory} + " can be written to");
  }
  for (const char* directory : {"/", "/usr"}) {  // not by the owner's mode alone
    struct statvfs info {};
    if (::statvfs(directory, &info) == 0 && (info.f_flag & ST_RDONLY) != 0) continue;
    return complain(std::string{directory} + " is not read-only");
  }
  return 0;
}

int look_for_processes() {
  DIR* directory = ::opendir("/proc");
  if (directory == nullptr) return complain("there is no /proc");
  int count = 0;
  while (const dirent* entry = ::readdir(directory)) {
    if (std::isdigit(static_cast<unsigned char>(entry->d_name[0])) != 0) ++count;
  }
  ::closedir(directory);
  constexpr int k_ours = 2;  // we, and our init where it does not hide
  return complain_if(count > k_ours, std::to_string(count) + " processes can be seen");
}

int open_sockets() {
  constexpr std::array<std::pair<int, const char*>, 5> k_families{{{AF_INET, "AF_INET"},
                                                                   {AF_INET6, "AF_INET6"},
                                                                   {AF_NETLINK, "AF_NETLINK"},
                                                                   {AF_PACKET, "AF_PACKET"},
                                                                   {AF_VSOCK, "AF_VSOCK"}}};
  for (const auto& [family, name] : k_families) {
    UniqueFd socket{::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    if (socket) return complain(std::string{"a socket of "} + name + " can be opened");
  }
  return 0;
}

int gain_rights() {
  UniqueFd file{::open("program", O_WRONLY | O_CREAT | O_CLOEXEC, 0755)};
  if (!file) return complain("a file cannot be made: " + std::string{std::strerror(errno)});
  if (::fchmod(file.get(), S_ISUID | 0755) == 0) return complain("a set-user-ID program can be made");
  if (::setuid(0) == 0) return complain("it can become root");
  return complain_if(::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1, "no_new_privs is not set");
}

int call_what_is_refused() {
  if (::unshare(CLONE_NEWUSER) == 0) return complain("a user namespace can be made");
  if (::mount("none", ".", "tmpfs", 0, nullptr) == 0) return complain("a file system can be mounted");
  return complain_if(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0, "a process can be traced");
}

int use_memory() {
  constexpr std::size_t k_blocks = 512;
  std::vector<std::vector<char>> blocks;
  for (std::size_t i = 0; i < k_blocks; ++i) blocks.emplace_back(k_mib, '\1');
  return complain("512 MiB can be used");
}

int make_processes() {
  std::uint32_t count = 0;
  for (; count < 4 * k_few_processes; ++count) {
    pid_t pid = ::fork();
    if (pid < 0) break;
    if (pid == 0) {
      ::pause();
      ::_exit(0);
    }
  }
  // Where a group counts, it counts some of the jail's own too, and has room for them.
  return complain_if(count >= 2 * k_few_processes, std::to_string(count + 1) + " processes can be made");
}

int wait_for_ever() {
  while (true) ::pause();
}

int compute_for_ever() {
  while (::getppid() >= 0) {  // a loop without any effect the compiler may leave out
  }
  return 1;
}

int print_for_ever() {
  std::array<char, 4096> block{};
  block.fill('x');
  while (::write(STDOUT_FILENO, block.data(), block.size()) > 0) {
  }
  return 1;
}

int fill_box() {
  UniqueFd file{::open("large", O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
  const std::vector<char> block(k_mib);
  std::uint64_t written = 0;
  while (written <= k_small_box) {
    const ssize_t n = ::write(file.get(), block.data(), block.size());
    if (n < 0) return complain_if(errno != ENOSPC, std::strerror(errno));
    written += static_cast<std::uint64_t>(n);
  }
  return complain("it holds more than it may");
}

int fill_box_with_files() {
  for (std::uint64_t i = 0; i <= k_few_inodes; ++i) {
    UniqueFd file{::open(std::to_string(i).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
    if (!file) return complain_if(errno != ENOSPC, std::strerror(errno));
  }
  return complain("it holds more files than it may");
}

/// Leaves a process in a session of its own, which has our standard input open: who holds the other end of that pipe
/// sees its end.
int leave_a_process() {
  pid_t pid = ::fork();
  if (pid < 0) return complain("fork: " + std::string{std::strerror(errno)});
  if (pid > 0) return 0;
  ::setsid();
  for (int signal : {SIGHUP, SIGINT, SIGTERM}) static_cast<void>(::signal(signal, SIG_IGN));
  return wait_for_ever();
}

void no_limits(BoxSpec& /*box*/, Limits& /*limits*/) {}

constexpr SelfTest k_tests[] = {
    {"program", "a program of the host runs", run_a_program, no_limits, Verdict::exited},
    {"files", "the host's files are hidden", look_for_files, no_limits, Verdict::exited},
    {"writing", "nothing but the box can be written to", write_outside, no_limits, Verdict::exited},
    {"processes", "other processes are hidden", look_for_processes, no_limits, Verdict::exited},
    {"network", "there is no network", open_sockets, no_limits, Verdict::exited},
    {"rights", "no rights can be gained", gain_rights, no_limits, Verdict::exited},
    {"calls", "system calls are refused", call_what_is_refused, no_limits, Verdict::exited},
    {"memory limit", "memory has a limit", use_memory, [](BoxSpec&, Limits& limits) { limits.memory = 64 * k_mib; },
     Verdict::memory_limit},
    {"processes limit", "processes have a limit", make_processes,
     [](BoxSpec&, Limits& limits) { limits.processes = k_few_processes; }, Verdict::exited},
    {"time limit", "real time has a limit", wait_for_ever,
     [](BoxSpec&, Limits& limits) { limits.real_time = std::chrono::milliseconds{200}; }, Verdict::real_time_limit},
    {"cpu limit", "processor time has a limit", compute_for_ever,
     [](BoxSpec&, Limits& limits) { limits.cpu_time = std::chrono::milliseconds{200}; }, Verdict::cpu_limit},
    {"output limit", "output has a limit", print_for_ever, [](BoxSpec&, Limits& limits) { limits.log_drained = k_mib; },
     Verdict::log_limit},
    {"box", "the box has a limit of bytes", fill_box, [](BoxSpec& box, Limits&) { box.bytes = k_small_box; },
     Verdict::exited},
    {"box files", "the box has a limit of files", fill_box_with_files,
     [](BoxSpec& box, Limits&) { box.inodes = k_few_inodes; }, Verdict::exited},
    {"end", "no process is left behind", leave_a_process, no_limits, Verdict::exited},
};

}  // namespace

std::span<const SelfTest> self_tests() {
  return k_tests;
}

int be_inside(std::string_view name) {
  const auto* test =
      std::find_if(std::begin(k_tests), std::end(k_tests), [&](const SelfTest& each) { return name == each.name; });
  return test == std::end(k_tests) ? complain("there is no such test") : test->inside();
}

}  // namespace ejf::jail
