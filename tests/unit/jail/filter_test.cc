// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>
#include <set>
#include <string>

#include "jail/seccomp_filter.h"
#include "jail/view.h"

namespace ejf::jail {
namespace {

TEST(Filter, IsSmallEnoughForEverySystemCallOfAJob) {
  constexpr std::uint64_t k_any_cookie = 0x0123456789abcdef;
  // The kernel evaluates it for every call number when it is loaded: 600 linear instructions are 1.7 ms.
  for (bool network : {false, true}) {
    std::size_t size = make_filter({network, false, k_any_cookie}).size();
    EXPECT_GT(size, 100U);
    EXPECT_LT(size, 400U);
  }
  EXPECT_GT(make_filter({false, true, k_any_cookie}).size(), make_filter({false, false, k_any_cookie}).size());
}

constexpr std::uint64_t k_cookie = 0x1234567890abcdef;

/// errno of each call, made in a child that loaded the filter, with `cookie` as the sixth argument.
std::map<std::string, int> errors_with(const FilterSpec& spec, std::uint64_t cookie) {
  const std::vector<sock_filter> filter = make_filter(spec);
  const sock_fprog program{static_cast<unsigned short>(filter.size()), const_cast<sock_filter*>(filter.data())};
  const std::map<std::string, long> calls = {{"mount", SYS_mount},
                                             {"move_mount", SYS_move_mount},
                                             {"clone3", SYS_clone3},
                                             {"unshare", SYS_unshare},
                                             {"umount2", SYS_umount2}};
  std::map<std::string, int> errors;
  for (const auto& [name, number] : calls) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
      if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) ::_exit(255);
      // Arguments with which none of them does anything: no flags, no memory, no such descriptor.
      const long result = ::syscall(number, 0, 0, 0, 0, 0, cookie);
      ::_exit(result == 0 ? 0 : errno);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    EXPECT_TRUE(WIFEXITED(status)) << name;
    errors[name] = WEXITSTATUS(status);
  }
  return errors;
}

TEST(Filter, LetsOurOwnCallsPassWithTheCookieAlone) {
  for (const FilterSpec& spec : {FilterSpec{false, false, k_cookie}, FilterSpec{false, true, k_cookie}}) {
    auto errors = errors_with(spec, k_cookie);
    EXPECT_EQ(errors["unshare"], 0);
    EXPECT_EQ(errors["clone3"], EINVAL);
    EXPECT_EQ(errors["umount2"], EPERM);
    if (::geteuid() == 0) {
      EXPECT_NE(errors["mount"], EPERM);
      EXPECT_NE(errors["move_mount"], EPERM);
    }
    for (std::uint64_t wrong :
         {std::uint64_t{0}, k_cookie ^ 1, k_cookie ^ (std::uint64_t{1} << 63), k_cookie & 0xffffffff, k_cookie << 32}) {
      errors = errors_with(spec, wrong);
      for (const char* name : {"mount", "move_mount", "unshare", "umount2"}) EXPECT_EQ(errors[name], EPERM) << name;
      EXPECT_EQ(errors["clone3"], ENOSYS);
    }
  }
}

TEST(Filter, WithoutACookieNobodyPasses) {
  for (std::uint64_t any : {std::uint64_t{0}, k_cookie}) {
    auto errors = errors_with({}, any);
    for (const char* name : {"mount", "move_mount", "unshare"}) EXPECT_EQ(errors[name], EPERM) << name;
    EXPECT_EQ(errors["clone3"], ENOSYS);
  }
}

std::set<std::uint32_t> actions_of(const FilterSpec& spec) {
  std::set<std::uint32_t> actions;
  for (const sock_filter& each : make_filter(spec)) {
    if (each.code == (BPF_RET | BPF_K)) actions.insert(each.k);
  }
  return actions;
}

/// What the program says to a call; only what it looks at is filled in.
std::uint32_t answer_to(const std::vector<sock_filter>& program, seccomp_data data) {
  std::uint32_t a = 0;
  for (std::size_t at = 0; at < program.size(); ++at) {
    const sock_filter& each = program[at];
    bool jumps = false;
    switch (each.code) {
      case BPF_LD | BPF_W | BPF_ABS:
        std::memcpy(&a, reinterpret_cast<const char*>(&data) + each.k, sizeof a);
        continue;
      case BPF_ALU | BPF_AND | BPF_K:
        a &= each.k;
        continue;
      case BPF_JMP | BPF_JA:
        at += each.k;
        continue;
      case BPF_RET | BPF_K:
        return each.k;
      case BPF_JMP | BPF_JEQ | BPF_K:
        jumps = a == each.k;
        break;
      case BPF_JMP | BPF_JGT | BPF_K:
        jumps = a > each.k;
        break;
      case BPF_JMP | BPF_JGE | BPF_K:
        jumps = a >= each.k;
        break;
      default:
        ADD_FAILURE() << "instruction " << each.code;
        return 0;
    }
    at += jumps ? each.jt : each.jf;
  }
  return 0;
}

TEST(Filter, EnforcesWithErrors) {
  const auto actions = actions_of({});
  EXPECT_TRUE(actions.contains(SECCOMP_RET_ERRNO | EPERM));
  EXPECT_TRUE(actions.contains(SECCOMP_RET_ERRNO | EAFNOSUPPORT));
  EXPECT_FALSE(actions.contains(SECCOMP_RET_LOG));
}

TEST(Filter, ThatLogsStillRefusesNamespacesAndForeignArchitectures) {
  const auto program = make_filter({false, false, 0, true});
  auto answer = [&](int number, std::uint64_t first = 0, std::uint64_t second = 0) {
    seccomp_data call{number, AUDIT_ARCH_X86_64, 0, {first, second}};
    return answer_to(program, call);
  };
  const std::uint32_t eperm = SECCOMP_RET_ERRNO | EPERM;
  for (int number : {SYS_mount, SYS_ptrace, SYS_bpf, SYS_keyctl, SYS_io_uring_setup, SYS_shmget, SYS_flock}) {
    EXPECT_EQ(answer(number), std::uint32_t{SECCOMP_RET_LOG}) << number;
  }
  EXPECT_EQ(answer(SYS_socket, AF_INET), std::uint32_t{SECCOMP_RET_LOG});
  EXPECT_EQ(answer(SYS_chmod, 0, 04755), std::uint32_t{SECCOMP_RET_LOG});
  EXPECT_EQ(answer(SYS_unshare), eperm);
  EXPECT_EQ(answer(SYS_setns), eperm);
  EXPECT_EQ(answer(SYS_clone, CLONE_NEWUSER), eperm);
  EXPECT_EQ(answer(SYS_clone, SIGCHLD), std::uint32_t{SECCOMP_RET_ALLOW});
  EXPECT_EQ(answer(SYS_clone3), std::uint32_t{SECCOMP_RET_ERRNO} | ENOSYS);
  EXPECT_EQ(answer(SYS_read), std::uint32_t{SECCOMP_RET_ALLOW});
  EXPECT_EQ(answer_to(program, {20, AUDIT_ARCH_I386, 0, {}}), std::uint32_t{SECCOMP_RET_KILL_PROCESS});
}

TEST(View, KnowsWhatLiesInTheBox) {
  for (const char* path : {"/tmp", "/tmp/x", "/var/tmp/a/b", "/dev/shm/x", "/sandbox", "/sandbox/x"}) {
    EXPECT_TRUE(leads_into_box(path)) << path;
  }
  for (const char* path : {"/", "/tmpx", "/var/tmpx", "/home/tmp", "/usr/tmp/x", "/sandboxes"}) {
    EXPECT_FALSE(leads_into_box(path)) << path;
  }
  EXPECT_EQ(path_in_box("/tmp/x/y"), ".tmp/x/y");
  EXPECT_EQ(path_in_box("/dev/shm/x"), ".tmp/x");
  EXPECT_EQ(path_in_box("/sandbox/x"), "x");
}

}  // namespace
}  // namespace ejf::jail
