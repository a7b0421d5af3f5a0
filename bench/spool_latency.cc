// SPDX-License-Identifier: Apache-2.0
// The client's side of bench/run: submits copies of one request and measures until the reply appears, or runs the
// compile script with nothing around it. Prints one time in microseconds a line; bench/run does the arithmetic.
//
//   spool_latency spool REQUEST SOURCE SUFFIX QUEUE_BASE REPLY_BASE COUNT DEPTH   DEPTH submissions under way
//   spool_latency fill  REQUEST SOURCE SUFFIX QUEUE_BASE COUNT                    submits and does not wait
//   spool_latency drain REPLY_BASE COUNT                                          time since start, then run, of COUNT
//   replies spool_latency bare  SCRIPT SOURCE SUFFIX DIRECTORY COUNT                      posix_spawn, nothing else
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <map>
#include <string>
#include <vector>

#include "base/child.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "base/unique_fd.h"
#include "base/uuid.h"

namespace {

using ejf::Monotonic;
using ejf::SysError;
using ejf::UniqueFd;
using ejf::Uuid;

constexpr std::size_t k_judge_uuid_offset = 152;  // of a request of version 18 (protocol, §1.2)
constexpr std::size_t k_max_packet = 65536;
constexpr std::size_t k_max_source = 1U << 20;

void print_time(Monotonic::time_point from, Monotonic::time_point to, const std::string& what = "") {
  fmt::print("{}{}\n", std::chrono::duration_cast<std::chrono::microseconds>(to - from).count(), what);
}

/// Makes a request of its own of each copy: another judge_uuid, another name.
class Submitter {
 public:
  Submitter(const std::string& request, const std::string& source, std::string suffix, const std::string& queue_base)
      : request_(ejf::read_file(request, k_max_packet)),
        source_(ejf::read_file(source, k_max_source)),
        suffix_(std::move(suffix)),
        src_(ejf::open_directory(queue_base + "/src")),
        in_(ejf::open_directory(queue_base + "/queue/in")),
        dir_(ejf::open_directory(queue_base + "/queue/dir")) {}

  struct Sent {
    std::string run_name;
    Monotonic::time_point at;  ///< the packet was renamed into the queue
  };

  Sent submit() {
    const Uuid judge_uuid = Uuid::random();
    std::memcpy(request_.data() + k_judge_uuid_offset, judge_uuid.bytes.data(), judge_uuid.bytes.size());
    // As long as ejudge's own names and, like them, in the order of submission and never used twice.
    const std::string name = fmt::format("G{:016X}{:018X}", started_, ++count_);
    ejf::write_file_at(src_.get(), name + suffix_, source_, 0644);
    ejf::write_file_at(in_.get(), name, request_, 0644);
    const auto now = Monotonic::now();
    ejf::rename_at(in_.get(), name, dir_.get(), name);
    return {judge_uuid.text(), now};
  }

 private:
  std::string request_;
  std::string source_;
  std::string suffix_;
  UniqueFd src_;
  UniqueFd in_;
  UniqueFd dir_;
  std::int64_t started_ = Monotonic::now().time_since_epoch().count();
  unsigned count_ = 0;
};

/// Replies, as ej-contests takes them: told by inotify, removed at once with all that came with them.
class Consumer {
 public:
  explicit Consumer(const std::string& reply_base)
      : dir_(ejf::open_directory(reply_base + "/status/dir")),
        report_(ejf::open_directory(reply_base + "/report")),
        inotify_(::inotify_init1(IN_CLOEXEC)) {
    if (!inotify_) throw SysError("inotify_init1", "");
    if (::inotify_add_watch(inotify_.get(), (reply_base + "/status/dir").c_str(), IN_MOVED_TO) < 0) {
      throw SysError("watch", reply_base + "/status/dir");
    }
  }

  /// Waits for some; names of runs.
  std::vector<std::string> wait() const {
    alignas(inotify_event) std::array<char, 65536> buffer{};
    pollfd event{inotify_.get(), POLLIN, 0};
    constexpr int k_patience_ms = 60'000;
    if (::poll(&event, 1, k_patience_ms) <= 0) throw ejf::Error("no reply for 60 s");
    const ssize_t size = ::read(inotify_.get(), buffer.data(), buffer.size());
    if (size < 0) throw SysError("read", "inotify");
    std::vector<std::string> names;
    for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
      inotify_event head{};
      std::memcpy(&head, buffer.data() + at, sizeof head);
      if ((head.mask & IN_Q_OVERFLOW) != 0) throw ejf::Error("inotify lost events");
      names.emplace_back(buffer.data() + at + sizeof head);
      at += sizeof head + head.len;
    }
    return names;
  }

  void remove(const std::string& name) const {
    ejf::try_unlink_at(dir_.get(), name);
    ejf::try_unlink_at(report_.get(), name + ".txt");
    ejf::try_unlink_at(report_.get(), name);
  }

 private:
  UniqueFd dir_;
  UniqueFd report_;
  UniqueFd inotify_;
};

void run_spool(Submitter& submitter, const Consumer& consumer, std::size_t count, std::size_t depth) {
  std::map<std::string, Monotonic::time_point> under_way;
  std::size_t sent = 0;
  auto submit = [&] {
    auto one = submitter.submit();
    under_way.emplace(one.run_name, one.at);
    ++sent;
  };
  const auto start = Monotonic::now();
  while (sent < count && sent < depth) submit();
  while (!under_way.empty()) {
    const auto names = consumer.wait();
    const auto now = Monotonic::now();
    for (const auto& name : names) {
      auto found = under_way.find(name);
      if (found == under_way.end()) throw ejf::Error("a reply that nobody waits for: " + name);
      print_time(found->second, now);
      under_way.erase(found);
      consumer.remove(name);
      if (sent < count) submit();
    }
  }
  fmt::print("total ");
  print_time(start, Monotonic::now());
}

void run_drain(const Consumer& consumer, std::size_t count) {
  const auto start = Monotonic::now();
  fmt::print("watching\n");
  std::fflush(stdout);
  for (std::size_t seen = 0; seen < count;) {
    for (const auto& name : consumer.wait()) {
      print_time(start, Monotonic::now(), " " + name);
      consumer.remove(name);
      ++seen;
    }
    std::fflush(stdout);
  }
}

class BareRunner {
 public:
  BareRunner(std::string script, std::string source, const std::string& directory)
      : script_(std::move(script)), source_(std::move(source)), environment_(ejf::current_environment()) {
    if (::chdir(directory.c_str()) != 0) throw SysError("change directory to", directory);
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions_, 1, "log.txt", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ::posix_spawn_file_actions_adddup2(&actions_, 1, 2);
  }
  BareRunner(const BareRunner&) = delete;
  BareRunner& operator=(const BareRunner&) = delete;
  ~BareRunner() { ::posix_spawn_file_actions_destroy(&actions_); }

  void run() {
    std::string executable = "executable";
    std::array<char*, 4> argv{script_.data(), source_.data(), executable.data(), nullptr};
    std::vector<char*> envp;
    for (std::string& variable : environment_) envp.push_back(variable.data());
    envp.push_back(nullptr);
    const auto start = Monotonic::now();
    pid_t pid = -1;
    if (int error = ::posix_spawn(&pid, script_.c_str(), &actions_, nullptr, argv.data(), envp.data()); error != 0) {
      throw SysError("posix_spawn", script_, error);
    }
    int status = 0;
    if (::waitpid(pid, &status, 0) != pid || status != 0) throw ejf::Error(script_ + " failed; see log.txt");
    print_time(start, Monotonic::now());
    if (::unlink("executable") != 0) throw SysError("unlink", "executable");
  }

 private:
  std::string script_;
  std::string source_;
  std::vector<std::string> environment_;
  posix_spawn_file_actions_t actions_{};
};

void run_bare(const std::string& script, const std::string& source, const std::string& suffix,
              const std::string& directory, std::size_t count) {
  UniqueFd place = ejf::open_directory(directory);
  ejf::write_file_at(place.get(), "source" + suffix, ejf::read_file(source, k_max_source), 0644);
  BareRunner runner(script, "source" + suffix, directory);
  for (std::size_t i = 0; i < count; ++i) runner.run();
}

std::size_t number(const std::string& text) {
  auto value = ejf::parse_decimal(text);
  if (!value || *value < 1) throw ejf::UsageError("'" + text + "' is not a count");
  return static_cast<std::size_t>(*value);
}

void dispatch(const std::vector<std::string>& words) {
  const std::string mode = words.empty() ? "" : words[0];
  if (mode == "spool" && words.size() == 8) {
    Submitter submitter(words[1], words[2], words[3], words[4]);
    return run_spool(submitter, Consumer(words[5]), number(words[6]), number(words[7]));
  }
  if (mode == "fill" && words.size() == 6) {
    Submitter submitter(words[1], words[2], words[3], words[4]);
    for (std::size_t i = number(words[5]); i > 0; --i) submitter.submit();
    return;
  }
  if (mode == "drain" && words.size() == 3) return run_drain(Consumer(words[1]), number(words[2]));
  if (mode == "bare" && words.size() == 6) {
    return run_bare(words[1], words[2], words[3], words[4], number(words[5]));
  }
  throw ejf::UsageError("modes are spool, fill, drain and bare; bench/run knows their arguments");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    dispatch({argv + 1, argv + argc});
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "spool_latency: {}\n", error.what());
    return 1;
  }
}
