// SPDX-License-Identifier: Apache-2.0
#include "prison.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <thread>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/uuid.h"

namespace ejf::jail {

namespace {

constexpr std::size_t k_much = std::size_t{64} << 20;
constexpr uid_t k_first_uid = 61000;

std::string broker_path() {
  const char* path = std::getenv("EJ_JAIL");
  if (path == nullptr) throw Error("EJ_JAIL must name the program ej-jail");
  return path;
}

}  // namespace

bool is_root() {
  return ::geteuid() == 0;
}

std::string expected_namespaces() {
  const char* expected = std::getenv("EJ_JAIL_NAMESPACES");
  if (expected != nullptr) return expected;
  return is_root() ? "root" : "user namespaces";
}

bool has_program(const std::string& path) {
  return ::access(path.c_str(), X_OK) == 0;
}

std::string make_marker() {
  return "mark" + Uuid::random().text();
}

std::vector<pid_t> processes_with(const std::string& marker) {
  std::vector<pid_t> found;
  UniqueFd proc = open_directory("/proc");
  for (const std::string& name : list_directory(proc.get())) {
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    try {
      UniqueFd fd = open_at(proc.get(), name + "/cmdline", O_RDONLY);
      if (read_all(fd.get(), k_much, name).find(marker) == std::string::npos) continue;
      found.push_back(static_cast<pid_t>(std::atoi(name.c_str())));
    } catch (const Error&) {
      continue;  // it has just ended
    }
  }
  return found;
}

bool becomes_true(const std::function<bool()>& condition) {
  auto deadline = Monotonic::now() + std::chrono::minutes(1);
  while (!condition()) {
    if (Monotonic::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

std::vector<std::string> control_groups_named(const std::string& name) {
  std::vector<std::string> found;
  std::error_code ignored;  // groups come and go
  constexpr auto k_skip = std::filesystem::directory_options::skip_permission_denied;
  for (std::filesystem::recursive_directory_iterator at("/sys/fs/cgroup", k_skip, ignored), end; at != end;
       at.increment(ignored)) {
    if (at->path().filename() == name) found.push_back(at->path().string());
  }
  return found;
}

std::string content_of(const OutputFile& output) {
  return output.fd ? read_all(output.fd.get(), k_much, output.name) : "not there";
}

Prison::Prison(Mode mode, unsigned slots, std::vector<std::string> visible) : directory_("/tmp", "jail_test-") {
  static std::atomic<int> serial{0};
  if (::chmod(directory_.path().c_str(), 0755) != 0) throw SysError("chmod", directory_.path());
  config_.mode = mode;
  config_.broker = broker_path();
  if (const char* socket = std::getenv("EJ_JAIL_SOCKET")) config_.socket = socket;
  config_.work_dir = directory_.path();
  config_.slots = slots;
  config_.user_name = "ejcompile";
  config_.first_uid = k_first_uid;
  config_.cgroup_name = "ejforge-test-" + std::to_string(::getpid()) + "-" + std::to_string(++serial);
  config_.visible = std::move(visible);
  jail_ = std::make_unique<Jail>(config_);
}

Box Prison::make_box(const std::map<std::string, std::string>& files, const BoxSpec& spec) {
  Box box = jail_->make_box(spec);
  for (const auto& [name, content] : files) jail_->put_file(box, name, make_memory_file("file", content), 0644);
  return box;
}

void Prison::process_until(const std::function<bool()>& condition) {
  while (!condition()) {
    pollfd event{jail_->fd(), POLLIN, 0};
    constexpr int k_patience_ms = 300'000;
    if (::poll(&event, 1, k_patience_ms) <= 0) throw Error("the jail does not answer");
    jail_->process();
  }
}

RunReport Prison::run_in(Box& box, RunSpec spec) {
  RunReport result;
  int calls = 0;
  jail_->run(box, std::move(spec), [&](RunReport report) {
    result = std::move(report);
    ++calls;
  });
  process_until([&] { return calls != 0; });
  return result;
}

RunSpec Prison::shell_spec(const std::string& script) {
  RunSpec spec;
  spec.argv = {"/bin/sh", "-c", script};
  spec.env = {"PATH=/usr/bin:/bin"};
  return spec;
}

RunSpec Prison::python_spec(const std::string& script) {
  RunSpec spec;
  spec.argv = {"/usr/bin/python3", "-c", script};
  spec.env = {"PATH=/usr/bin:/bin"};
  return spec;
}

RunReport Prison::python(const std::string& script, std::function<void(RunSpec&)> change) {
  RunSpec spec = python_spec(script);
  if (change) change(spec);
  return run(std::move(spec));
}

}  // namespace ejf::jail
