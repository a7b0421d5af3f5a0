// SPDX-License-Identifier: Apache-2.0
#include "tools/jail_once.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace ejf::tools {

namespace {

struct VerdictName {
  const char* key;
  const char* text;
};

/// In the order of the enumeration.
constexpr std::array<VerdictName, 10> k_verdicts{{{"jail_failed", "jail failed"},
                                                  {"start_failed", "could not be started"},
                                                  {"cancelled", "cancelled"},
                                                  {"output_limit", "output limit exceeded"},
                                                  {"memory_limit", "memory limit exceeded"},
                                                  {"cpu_limit", "processor time limit exceeded"},
                                                  {"real_time_limit", "time limit exceeded"},
                                                  {"idle_limit", "idle time limit exceeded"},
                                                  {"signaled", "killed by signal"},
                                                  {"exited", "exited with"}}};
static_assert(k_verdicts.size() == static_cast<std::size_t>(jail::Verdict::exited) + 1);

const VerdictName& name_of(jail::Verdict verdict) {
  return k_verdicts.at(static_cast<std::size_t>(verdict));
}

/// Bytes beyond ASCII may be no UTF-8 and become a question mark.
std::string quoted(std::string_view text) {
  std::string json = "\"";
  for (char c : text) {
    std::array<char, 8> escaped{};
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x7f) {
      json += '?';
    } else if (byte < 0x20 || c == '"' || c == '\\') {
      static_cast<void>(std::snprintf(escaped.data(), escaped.size(), "\\u%04x", byte));
      json += escaped.data();
    } else {
      json += c;
    }
  }
  return json + "\"";
}

const char* state_name(jail::FileState state) {
  constexpr std::array<const char*, 4> k_names{"ok", "missing", "not_regular", "too_large"};
  return k_names.at(static_cast<std::size_t>(state));
}

std::string milliseconds(std::chrono::microseconds time) {
  constexpr double k_us = 1000;
  std::array<char, 32> text{};
  static_cast<void>(std::snprintf(text.data(), text.size(), "%.3f", static_cast<double>(time.count()) / k_us));
  return text.data();
}

}  // namespace

jail::JailConfig own_jail_config() {
  jail::JailConfig config;
  constexpr uid_t k_nobody = 65534;
  config.user_name = "ejcompile";
  config.first_uid = k_nobody;
  config.broker = "/proc/self/exe";
  config.parks = false;  // there is no next job
  config.cgroup_name = "ejforge-run-" + std::to_string(::getpid());
  const char* temporary = std::getenv("TMPDIR");
  config.work_dir = temporary != nullptr ? temporary : "/tmp";
  return config;
}

jail::RunReport run_to_the_end(jail::Jail& jail, jail::Box& box, jail::RunSpec spec) {
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
  return result;
}

std::string describe_end(const jail::RunReport& report) {
  std::string detail = report.reason;
  if (report.verdict == jail::Verdict::exited) detail = std::to_string(report.exit_code);
  if (report.verdict == jail::Verdict::signaled) detail = std::to_string(report.signal);
  return name_of(report.verdict).text + (detail.empty() ? "" : " " + detail);
}

std::string report_json(const jail::RunReport& report) {
  std::string files;
  for (const jail::OutputFile& file : report.outputs) {
    files.append(files.empty() ? "" : ", ")
        .append(quoted(file.name))
        .append(": ")
        .append(quoted(state_name(file.state)));
  }
  const std::pair<const char*, std::string> members[] = {
      {"verdict", quoted(name_of(report.verdict).key)},
      {"exit_code", std::to_string(report.exit_code)},
      {"signal", std::to_string(report.signal)},
      {"reason", quoted(report.reason)},
      {"real_time_ms", milliseconds(report.real_time)},
      {"cpu_time_ms", milliseconds(report.cpu_time)},
      {"peak_memory", std::to_string(report.peak_memory)},
      {"box_was_full", report.box_was_full ? "true" : "false"},
      {"output_omitted", std::to_string(report.log.omitted)},
      {"files", "{" + files + "}"},
  };
  std::string json;
  for (const auto& [name, value] : members) {
    json.append(json.empty() ? "{" : ", ").append(quoted(name)).append(": ").append(value);
  }
  return json + "}";
}

}  // namespace ejf::tools
