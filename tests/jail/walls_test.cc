// SPDX-License-Identifier: Apache-2.0
// What only Mode::full promises: what a job cannot see, reach, use up or keep.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "jail/jail.h"
#include "prison.h"

namespace ejf::jail {
namespace {

using std::chrono::milliseconds;

constexpr const char* k_loopback_client =
    "import socket, sys\ns = socket.socket()\ns.settimeout(60)\ns.connect(('127.0.0.1', int(sys.argv[1])))\n"
    "print(s.recv(10).decode())";

class Walls : public testing::Test {
 protected:
  Prison prison{Mode::full};
};

/// What only root can try. run.sh leaves these out when it runs as an ordinary user.
class RootOnly : public testing::Test {
 protected:
  void SetUp() override { EJF_NEED(is_root(), "root"); }
  Prison prison{Mode::full};
};

TEST_F(Walls, FeaturesSayWhatIsInForce) {
  const Features& features = prison.jail().features();
  EXPECT_EQ(features.namespaces, expected_namespaces());
  EXPECT_TRUE(features.seccomp);
  EXPECT_FALSE(features.seccomp_log);
  const auto is_about_users = [](const std::string& text) { return text.starts_with("all jobs have one user id"); };
  const auto about_users = std::count_if(features.warnings.begin(), features.warnings.end(), is_about_users);
  EXPECT_EQ(about_users, features.namespaces == "user namespaces" ? 1 : 0);
  EXPECT_EQ(features.warnings.size() == static_cast<std::size_t>(about_users), features.cgroup != "none");
}

TEST_F(Walls, HostsFilesAreNotThere) {
  RunReport report = prison.shell(
      "ls -d /home /root /run /sys /boot /mnt /srv /media /etc/shadow /etc/ssh /etc/hostname /etc/machine-id "
      "/etc/ejudge /var/log /var/spool /var/lib/dpkg /dev/shm/. /dev/mem /dev/sda /dev/tty /dev/pts 2>/dev/null");
  EXPECT_EQ(report.log.head, "/dev/shm/.\n");
  EXPECT_EQ(prison.shell("cat /etc/passwd | wc -l").log.head,
            expected_namespaces() == "user namespaces" ? "2\n" : "3\n");
  EXPECT_EQ(prison.shell("id -un; whoami").log.head, "ejcompile\nejcompile\n");
  EXPECT_EQ(prison.shell("uname -n").log.head, "sandbox\n");
}

TEST_F(Walls, NothingButTheBoxCanBeWritten) {
  RunReport report = prison.shell(
      "for d in / /etc /usr /usr/bin /usr/lib /var /opt /dev /proc /sys; do touch $d/x 2>/dev/null && echo $d; "
      "mkdir $d/y 2>/dev/null && echo $d; done; for f in /etc/passwd /usr/bin/env; do echo >>$f; done 2>/dev/null; "
      "touch /tmp/a /var/tmp/b /dev/shm/c x && ls /sandbox /sandbox/.tmp");
  EXPECT_EQ(report.log.head, "/sandbox:\nx\n\n/sandbox/.tmp:\na\nb\nc\n");
}

TEST_F(Walls, OtherProcessesCannotBeSeen) {
  RunReport report =
      prison.shell("ls /proc | grep -E '^[0-9]+$'; echo; cat /proc/1/environ; kill -9 1; kill -0 " +
                   std::to_string(::getpid()) + " 2>/dev/null || echo no; cat /proc/kallsyms /proc/cmdline");
  EXPECT_EQ(report.log.head.find("\n1\n"), std::string::npos);
  EXPECT_NE(report.log.head.find("no\n"), std::string::npos);
  EXPECT_EQ(report.log.head.find("EJF_CANARY"), std::string::npos);
  EXPECT_EQ(prison.shell("echo $$").log.head, "2\n");
}

TEST_F(Walls, ControlGroupsOfTheHostHaveNoNames) {
  RunReport report = prison.shell("cut -d: -f3- /proc/self/cgroup | sort -u");
  const bool has_hierarchies = !read_file("/proc/self/cgroup", 1 << 16).empty();
  EXPECT_EQ(report.log.head, has_hierarchies ? "/\n" : "");
}

TEST_F(Walls, SystemCallsAreRefused) {
  RunReport report = prison.python(R"(
import ctypes, os, errno, socket
libc = ctypes.CDLL(None, use_errno=True)
def call(name, number, *args):
    ctypes.set_errno(0)
    r = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) for a in args])
    print(name, errno.errorcode.get(ctypes.get_errno(), 'done') if r == -1 else 'done')
call('unshare-user', 272, 0x10000000)
call('clone-user', 56, 0x10000000 | 17, 0, 0, 0, 0)
call('clone3', 435, 0, 0)
call('mount', 165, 0, 0, 0, 0, 0)
call('ptrace', 101, 0, 0, 0, 0)
call('bpf', 321, 0, 0, 0)
call('keyctl', 250, 0, 0, 0)
call('add_key', 248, 0, 0, 0, 0, 0)
call('io_uring_setup', 425, 1, 0)
call('userfaultfd', 323, 0)
call('perf_event_open', 298, 0, 0, 0, 0, 0)
call('shmget', 29, 0, 4096, 0o1600)
call('mq_open', 240, 0, 0, 0, 0)
call('open_by_handle_at', 304, 0, 0, 0)
call('memfd_secret', 447, 0)
call('statmount', 457, 0, 0, 0, 0)
call('TIOCSTI', 16, 0, 0x5412, 0)
call('TIOCSTI-high', 16, 0, 0x1_0000_5412, 0)
call('personality', 135, 0x0040000)
call('mknod', 133, 0, 0o020666, 0x103)
for name, family in (('inet', 2), ('inet6', 10), ('netlink', 16), ('packet', 17), ('vsock', 40), ('unix', 1)):
    try: socket.socket(family, socket.SOCK_STREAM if family != 16 else socket.SOCK_RAW).close(); print(name, 'done')
    except OSError as e: print(name, errno.errorcode[e.errno])
open('f', 'w').close()
try: os.chmod('f', 0o4755); print('suid done')
except OSError as e: print('suid', errno.errorcode[e.errno])
)");
  EXPECT_EQ(report.log.head,
            "unshare-user EPERM\nclone-user EPERM\nclone3 ENOSYS\nmount EPERM\nptrace EPERM\nbpf EPERM\n"
            "keyctl EPERM\nadd_key EPERM\nio_uring_setup ENOSYS\nuserfaultfd EPERM\nperf_event_open EPERM\n"
            "shmget ENOSYS\nmq_open ENOSYS\nopen_by_handle_at EPERM\nmemfd_secret EPERM\nstatmount ENOSYS\n"
            "TIOCSTI EPERM\nTIOCSTI-high EPERM\npersonality EPERM\nmknod EPERM\n"
            "inet EAFNOSUPPORT\ninet6 EAFNOSUPPORT\nnetlink EAFNOSUPPORT\npacket EAFNOSUPPORT\nvsock EAFNOSUPPORT\n"
            "unix done\nsuid EPERM\n");
}

TEST_F(Walls, DirectoriesThatAreCoveredLookEmpty) {
  Box box = prison.make_box();
  RunSpec spec =
      Prison::shell_spec("ls -d /var/log /var/lib/dpkg; ls -A /var/lib; touch /var/lib/x || ls -ld /var/lib");
  for (const char* path : {"/var", "/etc"}) spec.visible.push_back({path, open_directory(path)});
  spec.visible.push_back({"/var/lib", {}});
  RunReport report = prison.run_in(box, std::move(spec));
  EXPECT_NE(report.log.head.find("\n/var/log\n"), std::string::npos) << report.log.head << report.reason;
  EXPECT_NE(report.log.head.find("cannot access '/var/lib/dpkg'"), std::string::npos) << report.log.head;
  EXPECT_NE(report.log.head.find("Read-only file system\ndr-xr-xr-x 2 "), std::string::npos) << report.log.head;
  EXPECT_EQ(prison.shell("ls -d /var/log 2>/dev/null").log.head, "");
}

TEST_F(Walls, WhatIsShownInACoveredDirectoryIsThere) {
  Box box = prison.make_box();
  RunSpec spec = Prison::shell_spec("ls -A /var/lib; ls -d /var/lib/dpkg/info; cat /var/lib/dpkg/status | head -c 8");
  for (const char* path : {"/var", "/var/lib/dpkg/info"}) spec.visible.push_back({path, open_directory(path)});
  spec.visible.push_back({"/var/lib/dpkg/status", open_at(AT_FDCWD, "/var/lib/dpkg/status", O_PATH)});
  spec.visible.push_back({"/var/lib", {}});
  RunReport report = prison.run_in(box, std::move(spec));
  EXPECT_EQ(report.log.head, "dpkg\n/var/lib/dpkg/info\nPackage:") << report.reason;
}

TEST_F(Walls, LoopbackIsTheJobsOwn) {
  const std::string talk =
      "import socket\nl = socket.create_server(('127.0.0.1', 0))\nc = socket.create_connection(l.getsockname())\n"
      "s = l.accept()[0]\ns.send(b'hello ')\nprint(c.recv(9).decode(), [n for i, n in socket.if_nameindex()])\n"
      "c.close(); s.close()\n"
      "try: socket.create_connection(('192.0.2.1', 80), timeout=5)\nexcept OSError as e: print(e.strerror)\n";
  RunReport report = prison.python(talk, [](RunSpec& spec) { spec.loopback = true; });
  EXPECT_TRUE(report.log.head.starts_with("hello  ['lo'")) << report.log.head << report.reason;
  EXPECT_TRUE(report.log.head.ends_with("Network is unreachable\n")) << report.log.head;
  // Neither the host's loopback nor, in another slot, another job's.
  UniqueFd listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  ASSERT_EQ(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  RunSpec spec;
  spec.argv = {"/usr/bin/python3", "-c", k_loopback_client, std::to_string(ntohs(address.sin_port))};
  spec.loopback = true;
  report = prison.run(std::move(spec));
  EXPECT_EQ(report.exit_code, 1);
  EXPECT_NE(report.log.head.find("Connection refused"), std::string::npos) << report.log.head;
}

/// How `int $0x80` ends without a filter: 0 when it is a system call. Some kernels run no 32-bit code.
int signal_of_foreign_call() {
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGSEGV, SIG_DFL);  // a sanitizer would make an exit of it
    long result = 20;            // getpid of the other architecture
    __asm__ volatile("int $0x80" : "+a"(result));
    ::_exit(result > 0 ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

RunReport run_c_program(Prison& prison, const std::string& text) {
  Box box = prison.make_box({{"program.c", text}});
  EXPECT_EQ(prison.run_in(box, Prison::shell_spec("gcc -o program program.c")).exit_code, 0);
  return prison.run_in(box, Prison::shell_spec("exec ./program"));
}

TEST_F(Walls, ForeignArchitecturesAreKilled) {
  EJF_NEED(has_program("/usr/bin/gcc"), "gcc");
  const RunReport report = run_c_program(
      prison,
      "int main(void) { long r; __asm__ volatile(\"int $0x80\" : \"=a\"(r) : \"a\"(20)); return r > 0 ? 0 : 1; }");
  EXPECT_EQ(report.verdict, Verdict::signaled);
  EXPECT_EQ(report.signal, signal_of_foreign_call() == SIGSEGV ? SIGSEGV : SIGSYS);
}

TEST_F(Walls, CallsOfX32AreKilled) {
  EJF_NEED(has_program("/usr/bin/gcc"), "gcc");
  const RunReport report = run_c_program(
      prison,
      "int main(void) { long r; __asm__ volatile(\"syscall\" : \"=a\"(r) : \"a\"(0x40000027L) : \"rcx\", \"r11\", "
      "\"memory\"); return 0; }");
  EXPECT_EQ(report.verdict, Verdict::signaled);
  EXPECT_EQ(report.signal, SIGSYS);
}

TEST_F(Walls, FilterThatLogsLetsPassWhatNeedsNoRights) {
  JailConfig config = prison.config();
  config.seccomp_log = true;
  config.cgroup_name += "-log";
  std::unique_ptr<Jail> jail;
  try {
    jail = std::make_unique<Jail>(config);
  } catch (const Error& error) {  // root's broker for others asks root's file
    EXPECT_NE(std::string{error.what()}.find("seccomp_log"), std::string::npos) << error.what();
    EXPECT_NE(expected_namespaces() == "root", is_root());
    return;
  }
  EXPECT_TRUE(jail->features().seccomp_log);
  const auto& warnings = jail->features().warnings;
  EXPECT_TRUE(std::any_of(warnings.begin(), warnings.end(),
                          [](const std::string& text) { return text.find("ONLY LOGS") != std::string::npos; }));
  const std::string script =
      "import ctypes, errno, socket\nlibc = ctypes.CDLL(None, use_errno=True)\n"
      "def call(n, *a):\n  r = libc.syscall(ctypes.c_long(n), *[ctypes.c_long(x) for x in a])\n"
      "  print(errno.errorcode.get(ctypes.get_errno()) if r == -1 else 'done')\n"
      "call(29, 0, 4096, 0o1600)\ncall(165, 0, 0, 0, 0, 0)\ncall(272, 0x10000000)\ncall(435, 0, 0)\n"
      "socket.socket(socket.AF_INET)\nprint('inet')";
  Box box = jail->make_box({});
  std::string log;
  jail->run(box, Prison::python_spec(script), [&](RunReport report) { log = report.log.head + report.reason; });
  while (log.empty()) {
    pollfd event{jail->fd(), POLLIN, 0};
    ASSERT_GT(::poll(&event, 1, 60'000), 0);
    jail->process();
  }
  // shmget passes; mount passes the filter and is refused for its arguments; unshare and clone3 are still refused.
  EXPECT_EQ(log, "done\nEFAULT\nEPERM\nENOSYS\ninet\n");
}

TEST_F(RootOnly, SetuidProgramsGainNothing) {
  std::string program = prison.directory().path() + "/id";
  write_file_at(prison.directory().fd(), "id", read_file("/usr/bin/id", std::size_t{8} << 20), 0755);
  ASSERT_EQ(::chmod(program.c_str(), 06755), 0);
  RunSpec spec;
  spec.argv = {program, "-u"};
  spec.visible.push_back({program, open_at(AT_FDCWD, program, O_PATH)});
  RunReport report = prison.run(std::move(spec));
  EXPECT_EQ(report.exit_code, 0) << report.reason;
  EXPECT_NE(report.log.head, "0\n");
}

/// Listens on loopback and greets whoever comes.
class Listener {
 public:
  Listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_.get(), generic, size) != 0 || ::listen(socket_.get(), 5) != 0) throw SysError("listen", "");
    if (::getsockname(socket_.get(), generic, &size) != 0) throw SysError("getsockname", "");
    port_ = std::to_string(ntohs(address.sin_port));
  }
  const std::string& port() const { return port_; }
  bool greet() {
    UniqueFd peer{::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    return peer && ::write(peer.get(), "hello", 5) == 5;
  }

 private:
  UniqueFd socket_;
  std::string port_;
};

TEST_F(Walls, LoopbackOfTheHostCannotBeReached) {
  Listener listener;
  RunReport report = prison.python(k_loopback_client, [&](RunSpec& spec) { spec.argv.push_back(listener.port()); });
  EXPECT_NE(report.exit_code, 0);
  EXPECT_FALSE(listener.greet());
}

TEST_F(Walls, NetworkIsThereWhenAskedFor) {
  Listener listener;
  Box box = prison.make_box();
  RunSpec spec = Prison::python_spec(k_loopback_client);
  spec.argv.push_back(listener.port());
  spec.network = true;
  RunReport result;
  bool done = false;
  prison.jail().run(box, std::move(spec), [&](RunReport report) {
    result = std::move(report);
    done = true;
  });
  EXPECT_TRUE(becomes_true([&] { return listener.greet(); }));
  prison.process_until([&] { return done; });
  EXPECT_EQ(result.log.head, "hello\n");
}

TEST_F(Walls, BoxHasAQuotaOfBytes) {
  Box box = prison.make_box({}, {std::uint64_t{4} << 20, 1000});
  RunReport report = prison.run_in(box, Prison::shell_spec("head -c 3M /dev/zero >a && head -c 3M /dev/zero >/tmp/b"));
  EXPECT_NE(report.exit_code, 0);
  EXPECT_TRUE(report.box_was_full);
  report = prison.run_in(box, Prison::shell_spec("rm a; exit 0"));
  EXPECT_FALSE(report.box_was_full);
}

TEST_F(Walls, NoFileIsLargerThanItsBox) {
  Box box = prison.make_box({}, {std::uint64_t{4} << 20, 1000});
  RunSpec spec = Prison::shell_spec("truncate -s 1T f; truncate -s 4M g");
  spec.outputs = {{"f", 0}, {"g", 0}};
  RunReport report = prison.run_in(box, std::move(spec));
  EXPECT_EQ(report.outputs.at(0).size, 0U);
  EXPECT_EQ(report.outputs.at(1).size, std::uint64_t{4} << 20);
}

TEST_F(Walls, BoxHasAQuotaOfInodes) {
  Box box = prison.make_box({}, {std::uint64_t{4} << 20, 100});
  RunReport report = prison.run_in(box, Prison::shell_spec("i=0; while touch f$i; do i=$((i+1)); done; echo $i"));
  EXPECT_TRUE(report.box_was_full);
  EXPECT_NE(report.log.head.find("No space left"), std::string::npos);
}

TEST_F(Walls, DirectoriesOfAnyDepthGoWithTheBox) {
  RunReport report =
      prison.python("import os\nfor i in range(20000):\n  os.mkdir('d')\n  os.chdir('d')\nprint('deep')");
  EXPECT_EQ(report.log.head, "deep\n");
  EXPECT_EQ(prison.shell("ls").log.head, "");
}

TEST_F(Walls, MemoryOfTheBoxCounts) {
  RunSpec spec = Prison::shell_spec("head -c 100M /dev/zero >f; echo written");
  spec.limits.memory = std::uint64_t{50} << 20;
  EXPECT_EQ(prison.run(std::move(spec)).verdict, Verdict::memory_limit);
}

TEST_F(RootOnly, ResultsThatAreStillHeldAreNotChargedToTheNextJob) {
  Prison one(Mode::full, 1);
  RunSpec spec = Prison::shell_spec("head -c 100M /dev/zero >f");
  spec.outputs = {{"f", 0}};
  RunReport held = one.run(std::move(spec));
  ASSERT_EQ(held.outputs.at(0).state, FileState::ok);
  RunReport report =
      one.python("a = bytearray(30 << 20)", [](RunSpec& s) { s.limits.memory = std::uint64_t{64} << 20; });
  EXPECT_EQ(report.verdict, Verdict::exited);
  EXPECT_EQ(report.exit_code, 0);
}

/// Something of the host that the view does not show by itself: below /tmp, and elsewhere where we may write.
std::vector<std::unique_ptr<TempDir>> make_shown_directories() {
  std::vector<std::unique_ptr<TempDir>> directories;
  for (const char* parent : {"/tmp", "/var/tmp", "/var/lib", "/srv"}) {
    if (::access(parent, W_OK) != 0) continue;
    directories.push_back(std::make_unique<TempDir>(parent, "jail_test-"));
    if (::chmod(directories.back()->path().c_str(), 0777) != 0) throw SysError("chmod", parent);
    write_file_at(directories.back()->fd(), "f", "shown\n", 0666);
  }
  return directories;
}

TEST(Visible, PathsOfTheConfigurationAreReadOnly) {
  auto directories = make_shown_directories();
  std::vector<std::string> visible = {"/no/such/path", "/etc/shells"};
  for (const auto& directory : directories) visible.push_back(directory->path());
  Prison prison(Mode::full, 1, visible);
  for (const auto& directory : directories) {
    std::string path = directory->path();
    for (int i = 0; i < 2; ++i) {
      RunReport report =
          prison.shell("cat " + path + "/f; echo x >" + path + "/f; touch " + path + "/g; touch /tmp/mine");
      EXPECT_EQ(report.log.head.substr(0, 6), "shown\n") << report.reason << report.log.head;
      EXPECT_NE(report.log.head.find("Read-only file system"), std::string::npos) << report.log.head;
    }
    EXPECT_EQ(read_file(path + "/f", 100), "shown\n");
    EXPECT_EQ(list_directory(directory->fd()), std::vector<std::string>{"f"});
  }
  EXPECT_EQ(prison.shell("cat /etc/shells").log.head, read_file("/etc/shells", 10'000));
  EXPECT_EQ(prison.shell("ls -d /no").exit_code, 2);
}

TEST_F(Walls, VisiblePathOfARunIsGoneInTheNext) {
  for (const auto& directory : make_shown_directories()) {
    SCOPED_TRACE(directory->path());
    std::string file = directory->path() + "/f";
    Box box = prison.make_box();
    RunSpec spec = Prison::shell_spec("cat " + file);
    spec.visible.push_back({directory->path(), open_directory(directory->path())});
    EXPECT_EQ(prison.run_in(box, std::move(spec)).log.head, "shown\n");
    EXPECT_NE(prison.run_in(box, Prison::shell_spec("cat " + file)).exit_code, 0);
    Box other = prison.make_box();
    spec = Prison::shell_spec("cat " + file);
    spec.visible.push_back({file, open_at(AT_FDCWD, file, O_PATH)});
    EXPECT_EQ(prison.run_in(other, std::move(spec)).log.head, "shown\n");
    EXPECT_NE(prison.run_in(other, Prison::shell_spec("cat " + file + " | grep shown")).exit_code, 0);
  }
}

TEST_F(Walls, VisiblePathMayHaveThousandsOfComponents) {
  std::string deep;
  constexpr std::size_t k_long = PATH_MAX - 10;
  while (deep.size() < k_long) deep += "/a";
  RunSpec spec = Prison::shell_spec("cd /; while cd a 2>/dev/null; do i=$((i + 1)); done; echo $i");
  spec.visible.push_back({deep, {}});
  const RunReport report = prison.run(std::move(spec));
  EXPECT_EQ(report.log.head, std::to_string(deep.size() / 2) + "\n") << report.reason;
}

/// Mount points are made in the slot's view, which is small and lives as long as its server.
TEST_F(Walls, VisiblePathsOfRunsNeverFillTheView) {
  Box box = prison.make_box();
  constexpr int k_runs = 100;
  constexpr int k_paths = 200;
  for (int run = 0; run < k_runs; ++run) {
    RunSpec spec = Prison::shell_spec("exit 0");
    for (int i = 0; i < k_paths; ++i) spec.visible.push_back({"/made/" + std::to_string(run * k_paths + i), {}});
    RunReport report = prison.run_in(box, std::move(spec));
    ASSERT_EQ(report.verdict, Verdict::exited) << run << ": " << report.reason;
  }
  EXPECT_LT(std::atoi(prison.shell("ls /made | wc -l").log.head.c_str()), 8192);
}

TEST_F(Walls, VisiblePathMustBeWhatTheServerOpened) {
  TempDir shown("/tmp", "jail_test-");
  RunSpec spec = Prison::shell_spec("true");
  spec.visible.push_back({shown.path(), open_directory("/usr")});
  RunReport report = prison.run(std::move(spec));
  EXPECT_EQ(report.verdict, Verdict::jail_failed);
  EXPECT_NE(report.reason.find("is not what the server opened"), std::string::npos) << report.reason;
}

TEST(JailStart, DoesNotWaitForEver) {
  TempDir directory("/tmp", "jail_test-");
  write_file_at(directory.fd(), "silent", "#!/bin/sh\nexec cat <&3 >/dev/null\n", 0755);
  JailConfig config;
  config.broker = directory.path() + "/silent";
  config.start_patience = milliseconds(100);
  try {
    const Jail jail(config);
    FAIL() << "it started";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "the jail's broker does not get ready");
  }
}

TEST(JailStart, SaysWhyItCannotStart) {
  JailConfig config;
  config.broker = "/no/such/ej-jail";
  EXPECT_THROW(Jail{config}, Error);
  config.broker = "/bin/true";
  EXPECT_THROW(Jail{config}, Error);
}

TEST_F(RootOnly, JobsMustHaveAUserOfTheirOwn) {
  JailConfig config = prison.config();
  config.first_uid = 0;
  EXPECT_THROW(Jail{config}, Error);
}

}  // namespace
}  // namespace ejf::jail
