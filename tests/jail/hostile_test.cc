// SPDX-License-Identifier: Apache-2.0
// A broker that is root serves a client that is not, and that sends what no server sends: it gets refusals, and never
// more than its own rights. run.sh makes an /etc for these tests in which user 61999 may ask for a jail.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "base/child.h"
#include "base/error.h"
#include "base/files.h"
#include "jail/wire.h"
#include "prison.h"

namespace ejf::jail {
namespace {

constexpr uid_t k_client = 61999;
constexpr uid_t k_first_uid = 64000;  // of run.sh's ej-jail.conf

/// A broker of root's, with the client's end of its socket, which a process of user `uid` has made.
struct RootsBroker {
  explicit RootsBroker(uid_t uid = k_client) {
    EJF_CHECK(::setegid(uid) == 0 && ::seteuid(uid) == 0);
    auto [ours, theirs] = make_socket_pair(SOCK_SEQPACKET);
    EJF_CHECK(::seteuid(0) == 0 && ::setegid(0) == 0);
    ChildSpec spec;
    spec.program = std::getenv("EJ_JAIL");
    spec.argv = {"ej-jail", "--broker", "3"};
    spec.fds = {{theirs.get(), 3}};
    process = std::make_unique<Child>(spec);
    socket = std::move(ours);
  }

  template <typename... T>
  void send(Kind kind, const T&... content) {
    Encoder message(kind);
    message(content...);
    send_message(socket.get(), message.data(), message.fds(), 0);
  }
  void send_bytes(const std::string& bytes) { send_message(socket.get(), bytes, {}, 0); }
  /// The next answer within a time that no answer needs; empty: it has closed the socket.
  std::optional<Message> receive() {
    constexpr int k_patience_ms = 60'000;
    pollfd event{socket.get(), POLLIN, 0};
    if (::poll(&event, 1, k_patience_ms) <= 0) throw Error("the broker does not answer");
    Message message;
    if (receive_message(socket.get(), message, 0) != Received::message) return {};
    return message;
  }
  /// Its exit code; -1 when a signal has ended it.
  int end() {
    socket.reset();
    const int status = process->wait();
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  std::unique_ptr<Child> process;
  UniqueFd socket;
};

class Hostile : public testing::Test {
 protected:
  void SetUp() override {
    EJF_NEED(is_root(), "root");
    EJF_NEED(std::getenv("EJF_PRIVATE_ETC") != nullptr, "the /etc that run.sh makes");
  }
  JailConfig config() const {
    JailConfig config;
    config.slots = 1;
    config.user_name = "ejcompile";
    config.cgroup_name = "hostile-" + std::to_string(::getpid());
    return config;
  }
  /// The text of the refusal, or "served".
  std::string answer_to(const JailConfig& config, uid_t uid = k_client) {
    RootsBroker broker(uid);
    broker.send(Kind::configure, config);
    auto answer = broker.receive();
    EXPECT_TRUE(answer);
    if (!answer) return {};
    Decoder in(std::move(*answer));
    const bool served = in.take<Kind>() == Kind::ready;
    std::string text = served ? "served" : in.take<std::string>();
    EXPECT_EQ(broker.end(), served ? 0 : 3);
    return text;
  }
  RunReport run(Jail& jail, const std::string& script) { return run(jail, Prison::shell_spec(script)); }
  RunReport run(Jail& jail, RunSpec spec) {
    Box box = jail.make_box({});
    std::optional<RunReport> result;
    jail.run(box, std::move(spec), [&](RunReport report) { result = std::move(report); });
    while (!result) {
      pollfd event{jail.fd(), POLLIN, 0};
      if (::poll(&event, 1, 60'000) <= 0) throw Error("the jail does not answer");
      jail.process();
    }
    return std::move(*result);
  }
  TempDir directory{"/tmp", "jail_test-"};
};

TEST_F(Hostile, ClientGetsUsersOfRootsChoice) {
  RootsBroker broker;
  JailConfig asked = config();
  asked.first_uid = 1;
  Jail jail(asked, std::move(broker.socket));
  EXPECT_EQ(jail.features().namespaces, "root");
  EXPECT_GE(std::atoi(run(jail, "id -u").log.head.c_str()), static_cast<int>(k_first_uid));
  EXPECT_EQ(run(jail, "cat /etc/passwd | wc -l").log.head, "2\n");
}

TEST_F(Hostile, OthersAreRefused) {
  EXPECT_NE(answer_to(config(), 61997).find("no jail for user 61997"), std::string::npos);
  EXPECT_EQ(answer_to(config()), "served");
}

/// As the kernel says: to try it would take the place from who is about to.
bool is_locked(const std::string& path) {
  struct stat st {};
  if (::stat(path.c_str(), &st) != 0) return false;
  return read_file("/proc/locks", std::size_t{1} << 20).find(":" + std::to_string(st.st_ino) + " ") !=
         std::string::npos;
}

/// Who only waits counts too: it is a process of root's, which the user's own limits do not count.
TEST_F(Hostile, NobodyHasMoreBrokersThanRootAllows) {
  constexpr uid_t k_other = 61996;  // so that nobody else's test of this machine has a place
  UniqueFd etc = open_directory("/etc/ejforge");
  const std::string file = "ej-jail.conf";
  const std::string before = read_file("/etc/ejforge/" + file, 1000);
  write_file_at(etc.get(), file, "users = 61996\nfirst_uid = 64000\nbrokers = 2\n", 0644);
  {
    RootsBroker one(k_other);
    RootsBroker another(k_other);
    EXPECT_TRUE(becomes_true(
        [] { return is_locked("/run/ejforge/client-61996-0") && is_locked("/run/ejforge/client-61996-1"); }));
    EXPECT_NE(answer_to(config(), k_other).find("user 61996 has 2 jails already"), std::string::npos);
    EXPECT_EQ(one.end(), 1);
    EXPECT_EQ(answer_to(config(), k_other), "served");
    EXPECT_EQ(another.end(), 1);
  }
  write_file_at(etc.get(), file, before, 0644);
}

TEST_F(Hostile, ConfigurationsAreRefused) {
  using Change = void (*)(JailConfig&);
  constexpr Change k_changes[] = {
      [](JailConfig& c) { c.mode = static_cast<Mode>(5); },
      [](JailConfig& c) { c.slots = 1'000'000; },
      [](JailConfig& c) { c.user_name = "x:0:0\nroot2"; },
      [](JailConfig& c) { c.cgroup_name = "../.."; },
      [](JailConfig& c) { c.visible = {"/x/../../../etc/cron.d/x"}; },
      [](JailConfig& c) { c.visible = {"/"}; },
      [](JailConfig& c) {
        c.later = {0, 5, {}};
      },
      [](JailConfig& c) { c.seccomp_log = true; },
  };
  for (std::size_t i = 0; i < std::size(k_changes); ++i) {
    JailConfig wrong = config();
    k_changes[i](wrong);
    EXPECT_NE(answer_to(wrong).find("is refused: not allowed: "), std::string::npos) << i;
  }
}

TEST_F(Hostile, WithoutAJailTheClientIsAllThatJobsAre) {
  RootsBroker broker;
  JailConfig asked = config();
  asked.mode = Mode::none;
  asked.work_dir = directory.path();
  asked.first_uid = 1;
  ASSERT_EQ(::chown(directory.path().c_str(), k_client, k_client), 0);
  Jail jail(asked, std::move(broker.socket));
  EXPECT_EQ(run(jail, "id -u; id -G").log.head, "61999\n61999\n");
}

TEST_F(Hostile, PathsAreShownWithTheClientsRights) {
  const std::string path = directory.path();
  ASSERT_EQ(::chmod(path.c_str(), 0755), 0);
  for (const char* name : {"roots", "clients", "target"}) {
    make_directory_at(directory.fd(), name, 0700);
    make_directory_at(directory.fd(), std::string{name} + "/inner", 0755);
    write_file_at(directory.fd(), std::string{name} + "/inner/f", name, 0644);
  }
  ASSERT_EQ(::chown((path + "/clients").c_str(), k_client, k_client), 0);
  ASSERT_EQ(::symlink((path + "/target").c_str(), (path + "/clients/link").c_str()), 0);
  ASSERT_EQ(::chown((path + "/target").c_str(), k_client, k_client), 0);
  // Outside /tmp, which is the box's: there the view is built before its root is the process's own.
  TempDir elsewhere("/var/lib", "jail_test-");
  ASSERT_EQ(::chmod(elsewhere.path().c_str(), 0755), 0);
  make_directory_at(elsewhere.fd(), "shown", 0755);
  ASSERT_EQ(::symlink((path + "/target").c_str(), (elsewhere.path() + "/shown/link").c_str()), 0);
  RootsBroker broker;
  JailConfig asked = config();
  const std::string shown = elsewhere.path() + "/shown";
  asked.visible = {path + "/roots/inner", path + "/clients/inner", shown, shown + "/link/made"};
  make_directory_at(directory.fd(), "target/made", 0755);
  Jail jail(asked, std::move(broker.socket));
  RunReport report = run(jail, "cat " + path + "/roots/inner/f " + path + "/clients/inner/f 2>/dev/null");
  EXPECT_EQ(report.log.head, "clients") << report.reason;
  // A link leads out of the view; nothing can be mounted there, and that is no reason not to start.
  EXPECT_EQ(run(jail, "ls " + shown + "; ls " + shown + "/link/").log.head.substr(0, 5), "link\n");
}

/// Init has rights, and descriptors that came with the order: a mount point must not be made behind one of these.
TEST_F(Hostile, MountPointsAreMadeInTheViewOnly) {
  ASSERT_EQ(::chmod(directory.path().c_str(), 0755), 0);
  RootsBroker broker;
  Jail jail(config(), std::move(broker.socket));
  constexpr int k_most_descriptors = 12;
  for (int fd = 3; fd < k_most_descriptors; ++fd) {
    RunSpec spec = Prison::shell_spec("exit 0");
    spec.standard_input = open_at(AT_FDCWD, directory.path(), O_RDONLY | O_DIRECTORY);
    spec.visible.push_back({"/dev/fd/" + std::to_string(fd) + "/made", {}});
    run(jail, std::move(spec));
  }
  EXPECT_EQ(list_directory(directory.fd()), std::vector<std::string>{});
}

/// Root's processes must not wait for what the client never does, least of all when it has gone.
TEST_F(Hostile, FifosHoldNobodyUp) {
  TempDir shown("/var/lib", "jail_test-");
  ASSERT_EQ(::chmod(shown.path().c_str(), 0755), 0);
  ASSERT_EQ(::mkfifo((shown.path() + "/fifo").c_str(), 0644), 0);
  JailConfig asked = config();
  asked.visible = {shown.path(), shown.path() + "/fifo"};
  EXPECT_EQ(answer_to(asked), "served");
}

/// What no server sends after its configuration. A run in box 1 follows.
using Act = void (*)(RootsBroker&);
constexpr Act k_acts[] = {
    [](RootsBroker& b) {
      b.send(Kind::make_box, 1, BoxSpec{std::uint64_t{1} << 50, 100});
    },
    [](RootsBroker& b) {
      b.send(Kind::make_box, 1, BoxSpec{0, 0});
    },
    [](RootsBroker& b) {
      b.send(Kind::make_box, 1, BoxSpec{});
      b.send(Kind::make_box, 1, BoxSpec{});
    },
    [](RootsBroker& b) {
      for (int i = 1; i < 1000; ++i) b.send(Kind::make_box, i, BoxSpec{});
    },
    [](RootsBroker& b) {
      b.send(Kind::make_box, 1, BoxSpec{});
      FileOrder order;
      order.box = 1;
      order.name = "../../x";
      order.content = make_memory_file("f", "x");
      b.send(Kind::put_file, order);
    },
    [](RootsBroker& b) {
      b.send(Kind::make_box, 1, BoxSpec{});
      FileOrder order;
      order.box = 1;
      order.name = "f";
      order.content = open_at(AT_FDCWD, "/proc/1/stat", O_RDONLY);
      b.send(Kind::put_file, order);
    },
    [](RootsBroker& b) { b.send(Kind::report, 1); },
    [](RootsBroker& b) { b.send(static_cast<Kind>(99)); },
    [](RootsBroker& b) { b.send_bytes("short"); },
    [](RootsBroker& b) { b.send(Kind::run, 1, 1); },
    [](RootsBroker& b) {  // a message in a file that is none of memory
      UniqueFd file = open_at(AT_FDCWD, "/dev/zero", O_RDONLY);
      Encoder message(Kind::cancel);
      message(file);
      EJF_CHECK(send_message(b.socket.get(), std::string(100'000, 'x'), message.fds(), 0));
    },
};

TEST_F(Hostile, MessagesAreRefusedOrTheEnd) {
  for (std::size_t i = 0; i < std::size(k_acts); ++i) {
    RootsBroker broker;
    broker.send(Kind::configure, config());
    ASSERT_TRUE(broker.receive()) << i;
    std::string reason = "the socket is closed";
    try {
      k_acts[i](broker);
      RunSpec spec = Prison::shell_spec("exit 0");
      broker.send(Kind::run, 7, 1, spec);
      if (auto answer = broker.receive()) {
        Decoder in(std::move(*answer));
        in.take<Kind>();
        in.take<std::uint64_t>();
        auto report = in.take<RunReport>();
        EXPECT_EQ(report.verdict, Verdict::jail_failed) << i;
        reason = report.reason;
      }
    } catch (const SysError&) {
      reason = "the socket is closed while we write";
    }
    EXPECT_NE(reason, "") << i;
    EXPECT_GE(broker.end(), 0) << i << ": killed by a signal";
  }
}

/// Reports that nobody takes are root's memory.
TEST_F(Hostile, AClientThatTakesNoReportsLosesItsBroker) {
  RootsBroker broker;
  broker.send(Kind::configure, config());
  ASSERT_TRUE(broker.receive());
  RunSpec spec = Prison::shell_spec("exit 0");
  constexpr int k_many = 5000;
  EXPECT_THROW(for (int i = 0; i < k_many; ++i) broker.send(Kind::run, i, 1, spec), SysError);
  EXPECT_EQ(broker.end(), 3);
}

/// Good messages, of which some bytes are others. The broker may end, but by itself.
TEST_F(Hostile, BytesThatChangedNeverCrashIt) {
  const char* seed = std::getenv("EJF_SEED");
  std::mt19937 random(seed != nullptr ? static_cast<unsigned>(std::atoi(seed)) : std::random_device{}());
  RunSpec spec = Prison::shell_spec("exit 0");
  spec.outputs = {{"a", 0}};
  FileOrder order;
  order.box = 1;
  order.name = "a/b";
  std::vector<std::string> messages;
  auto add = [&](Kind kind, const auto&... content) {
    Encoder message(kind);
    message(content...);
    messages.push_back(message.data());
  };
  add(Kind::make_box, 1, BoxSpec{1 << 20, 100});
  add(Kind::put_directory, order);
  add(Kind::put_symlink, order);
  add(Kind::run, 1, 1, spec);
  add(Kind::drop_box, 1);
  add(Kind::cancel, 1);
  constexpr int k_brokers = 25;
  for (int i = 0; i < k_brokers; ++i) {
    RootsBroker broker;
    broker.send(Kind::configure, config());
    ASSERT_TRUE(broker.receive()) << i;
    try {
      for (int n = 0; n < 60; ++n) {
        std::string bytes = messages[random() % messages.size()];
        for (auto changes = random() % 3; changes > 0; --changes) {
          bytes[8 + random() % (bytes.size() - 8)] = static_cast<char>(random() % 4 == 0 ? random() : random() % 3);
        }
        broker.send_bytes(bytes);
      }
    } catch (const SysError&) {
      static_cast<void>(0);  // it has gone
    }
    EXPECT_GE(broker.end(), 0) << "killed by a signal";
  }
}

}  // namespace
}  // namespace ejf::jail
