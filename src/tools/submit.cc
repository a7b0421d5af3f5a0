// SPDX-License-Identifier: Apache-2.0
// ejforge submit: a real request through the spool. The reply goes to a contest server id of its own, so that a live
// ej-contests never sees it; everything that was made for it is removed at the end, also after an interrupt.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <boost/program_options/value_semantic.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "base/clock.h"
#include "base/error.h"
#include "base/file_lock.h"
#include "base/files.h"
#include "base/temp_dir.h"
#include "base/text.h"
#include "packet/compile_reply.h"
#include "packet/compile_request.h"
#include "packet/names.h"
#include "server/configuration.h"
#include "spool/directory_watch.h"
#include "spool/safe_directory.h"
#include "tools/commands.h"
#include "tools/options.h"
#include "tools/result_view.h"

namespace ejf::tools {

namespace {

constexpr std::size_t k_max_source = 64U << 20;
constexpr std::size_t k_max_log = 64U << 20;
constexpr std::size_t k_max_reply = 65536;
constexpr std::int32_t k_contest_id =
    999'999;  // in the legacy layout the contest is a directory: take none that exists

volatile std::sig_atomic_t interrupted = 0;

void on_interrupt(int) {
  interrupted = 1;
}

/// poll(2) returns with EINTR, and the command cleans up on its way out.
void end_cleanly_on_interrupt() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
}

constexpr const char* k_server_prefix = "ejforge-";  // of our contest server ids
constexpr const char* k_lock = "submit.lock";        // in their directories, as long as the command lives

struct Place {
  std::string request_base;  ///< holds queue and src
  std::string reply_base;    ///< holds status and report; ours alone
  std::string server_id;     ///< contest_server_id of the request
};

Place make_place(const transport::SpoolPlace& spool) {
  Place place;
  place.request_base = spool.base();
  if (spool.spool_dir.empty()) {
    place.reply_base = fmt::format("{}/{:06}", spool.legacy_compile_dir, k_contest_id);
  } else {
    place.server_id = k_server_prefix + Uuid::random().text();
    place.reply_base = fmt::format("{}/{}", spool.spool_dir, place.server_id);
  }
  return place;
}

/// What commands that were killed left behind. A directory without a lock may be about to get one, so it must be old.
void remove_leftovers(const std::string& spool_dir) {
  constexpr std::time_t k_old = 60;
  UniqueFd spool = open_directory(spool_dir);
  for (const std::string& name : list_directory(spool.get())) {
    if (!name.starts_with(k_server_prefix) || !Uuid::parse(name.substr(std::strlen(k_server_prefix)))) continue;
    try {
      auto info = try_stat_at(spool.get(), name);
      if (!info || info->st_uid != ::geteuid() || std::time(nullptr) - info->st_mtime < k_old) continue;
      if (!FileLock::is_locked(open_directory_at(spool.get(), name).get(), k_lock)) remove_tree_at(spool.get(), name);
    } catch (const SysError&) {
      continue;  // another one removes it right now
    }
  }
}

config::CompileCfg load_languages(const server::Options& options, const Place& place) {
  // What the running server exported is what it serves; only without it the configuration file is asked.
  const std::string exported = place.request_base + "/config/dir/compile.cfg";
  config::Diagnostics ignored;
  if (::access(exported.c_str(), R_OK) == 0) return config::load_compile_cfg(exported, {}, ignored);
  return server::load_configuration(options, ignored).compile_cfg;
}

/// One submission: its files in the spool exist as long as this object does.
class Submission {
 public:
  Submission(Place place, packet::CompileRequest request, const std::string& source)
      : place_(std::move(place)), request_(std::move(request)) {
    const WallTime now = WallTime::now();
    request_.ts1 = static_cast<std::int32_t>(now.seconds);
    request_.ts1_us = now.microseconds;
    packet_name_ = packet::packet_name(0, now.seconds, now.microseconds, request_.judge_uuid);
    auto bytes = packet::encode_request(request_);
    if (!bytes) throw UsageError(bytes.error().message);
    make_reply_side();
    try {
      UniqueFd src = open_directory(place_.request_base + "/src");
      write_file_at(src.get(), packet_name_ + request_.src_sfx, source, 0644);
      spool::SafeDirectory(place_.request_base + "/queue").write(packet_name_, *bytes);
    } catch (...) {  // the destructor of a half-made object does not run
      remove_all();
      throw;
    }
  }
  Submission(const Submission&) = delete;
  Submission& operator=(const Submission&) = delete;
  ~Submission() { remove_all(); }

  /// Empty after `seconds` or an interrupt. Shows on a terminal that it waits.
  std::optional<packet::CompileReply> wait(int seconds) {
    const auto start = Monotonic::now();
    const bool is_terminal = ::isatty(STDERR_FILENO) != 0;
    std::optional<packet::CompileReply> reply;
    for (;;) {
      reply = try_take_reply();
      const auto waited = std::chrono::duration_cast<std::chrono::seconds>(Monotonic::now() - start).count();
      if (reply || interrupted != 0 || waited >= seconds) break;
      if (is_terminal && waited > 0) fmt::print(stderr, "\rwaiting for the server ... {} s ", waited);
      pollfd event{watch_->fd(), POLLIN, 0};
      if (::poll(&event, 1, 500) > 0) watch_->read();
    }
    if (is_terminal) fmt::print(stderr, "\r{:40}\r", "");
    return reply;
  }

  std::string log() const {
    UniqueFd report = open_directory(place_.reply_base + "/report");
    auto text = try_read_regular_at(report.get(), packet::run_name(request_) + ".txt", k_max_log);
    if (!text) throw Error("the reply came without its log");
    return *text;
  }

  std::string executable_path(const std::string& exe_sfx) const {
    return fmt::format("{}/report/{}{}", place_.reply_base, packet::run_name(request_), exe_sfx);
  }

 private:
  void make_reply_side() {
    // The server may be another user: everything is open, for the seconds that it exists, below a random name.
    make_directory(place_.reply_base, 0777);
    lock_ = FileLock::try_lock(open_directory(place_.reply_base).get(), k_lock);
    status_.emplace(place_.reply_base + "/status");
    for (const char* part : {"/status", "/report"}) {
      make_directory(place_.reply_base + part, 0777);
      if (::chmod((place_.reply_base + part).c_str(), 0777) != 0) throw SysError("chmod", part);
    }
    watch_.emplace(place_.reply_base + "/status/dir");
  }

  std::optional<packet::CompileReply> try_take_reply() {
    auto bytes = status_->read(packet::run_name(request_), k_max_reply);
    if (!bytes) return {};
    auto reply = packet::decode_reply(*bytes, packet::reply_layout(request_.version));
    if (!reply) throw Error("the reply does not decode: " + reply.error().message);
    return *reply;
  }

  void remove_all() noexcept {
    try {
      spool::SafeDirectory(place_.request_base + "/queue").remove(packet_name_);
      UniqueFd src = open_directory(place_.request_base + "/src");
      try_unlink_at(src.get(), packet_name_ + request_.src_sfx);
      remove_tree(place_.reply_base);
    } catch (const Error& error) {
      fmt::print(stderr, "ejforge: cannot clean up: {}\n", error.what());
    }
  }

  Place place_;
  packet::CompileRequest request_;
  std::string packet_name_;
  std::optional<FileLock> lock_;
  std::optional<spool::SafeDirectory> status_;
  std::optional<spool::DirectoryWatch> watch_;
};

packet::CompileRequest make_request(const config::Language& language, const std::string& server_id,
                                    const Arguments& env) {
  packet::CompileRequest request;
  request.judge_id = 1;
  request.contest_id = k_contest_id;
  request.run_id = 1;
  request.lang_id = language.id;
  request.uuid = Uuid::random();
  request.judge_uuid = Uuid::random();
  request.src_sfx = language.src_sfx;
  request.contest_server_id = server_id;
  request.env = env;
  return request;
}

std::chrono::microseconds between(std::int32_t from, std::int32_t from_us, std::int32_t to, std::int32_t to_us) {
  return std::chrono::seconds(to - from) + std::chrono::microseconds(to_us - from_us);
}

void copy_executable(const std::string& from, const std::string& to) {
  UniqueFd in = open_at(AT_FDCWD, from, O_RDONLY | O_NOFOLLOW);
  UniqueFd out = open_at(AT_FDCWD, to, O_WRONLY | O_CREAT | O_TRUNC, 0755);
  copy_all(in.get(), out.get(), to);
}

ResultView view_of(const packet::CompileReply& reply, const Submission& submission, const config::Language& language,
                   const std::string& output) {
  ResultView view = make_view(language, reply.status, submission.log());
  view.queued = between(reply.ts1, reply.ts1_us, reply.ts2, reply.ts2_us);
  view.compile_time = between(reply.ts2, reply.ts2_us, reply.ts3, reply.ts3_us);
  if (reply.status != packet::RunStatus::ok) return view;
  const std::string executable = submission.executable_path(language.exe_sfx);
  auto info = try_stat_at(AT_FDCWD, executable);
  if (!info) throw Error("the reply says OK but there is no executable: " + executable);
  view.executable_size = static_cast<std::uint64_t>(info->st_size);
  if (!output.empty()) copy_executable(executable, output);
  view.executable_path = output;
  return view;
}

}  // namespace

int run_submit(const Arguments& arguments) {
  namespace po = boost::program_options;
  po::options_description options = site_options();
  auto add = options.add_options();
  add("lang,l", po::value<std::string>(), "short name or id of the language; else by the file's suffix");
  add("output,o", po::value<std::string>(), "copy the executable here");
  add("env,e", po::value<Arguments>()->default_value({}, ""),
      "NAME=VALUE for the compile script, such as EJUDGE_FLAGS=-O3");
  add("timeout", po::value<int>()->default_value(300), "seconds to wait for the reply");
  add("json", "print JSON");
  po::variables_map values;
  const std::string usage = "ejforge submit FILE [OPTIONS]";
  if (parse(arguments, usage, options, values)) return k_done;
  const Arguments& files = words(values);
  if (files.size() != 1) throw UsageError("Usage: " + usage);

  const server::Options where = server_options(values);
  const transport::SpoolPlace spool = server::load_place(where);
  const Place place = make_place(spool);
  if (::access((place.request_base + "/queue/dir").c_str(), W_OK) != 0) {
    throw Error(
        fmt::format("{}/queue/dir cannot be written to: is this the spool of a compile server?", place.request_base));
  }
  const config::CompileCfg languages = load_languages(where, place);
  const config::Language& language = choose_language(languages, value_of(values, "lang"), files[0]);
  const std::string source = read_file(files[0], k_max_source);

  end_cleanly_on_interrupt();
  if (!place.server_id.empty()) remove_leftovers(spool.spool_dir);
  Submission submission(place, make_request(language, place.server_id, values["env"].as<Arguments>()), source);
  auto reply = submission.wait(values["timeout"].as<int>());
  if (!reply) throw Error("no reply: is ej-compile running for this queue?");
  const ResultView view = view_of(*reply, submission, language, value_of(values, "output"));
  values.count("json") != 0 ? print_result_json(view) : print_result(view);
  return exit_code(view.status);
}

}  // namespace ejf::tools
