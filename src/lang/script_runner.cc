// SPDX-License-Identifier: Apache-2.0
#include "lang/script_runner.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <map>
#include <memory>
#include <optional>

#include "base/child.h"
#include "base/clock.h"
#include "base/error.h"
#include "lang/termination.h"

namespace ejf::lang {

namespace {

using std::chrono::milliseconds;

/// What a script that has ended may leave in the pipes for its last helpers to write, before they are killed.
constexpr milliseconds k_leftover_grace{1000};
constexpr milliseconds k_longest_wait{3600000};
/// Somebody watches: the time that a script has taken goes on.
constexpr milliseconds k_progress_interval{1000};
/// Kept of standard error of a script whose turn to be shown has not come.
constexpr std::size_t k_max_waiting_errors = std::size_t{1} << 20;

void make_nonblocking(int fd) {
  if (::fcntl(fd, F_SETFL, O_NONBLOCK) != 0) throw SysError("fcntl", "pipe");
}

/// One script that runs. A pipe is closed when it has ended; the script is done when both are and it is reaped.
class Running {
 public:
  Running(const ScriptCall& call, const ScriptRunner::Limits& limits)
      : limits_(limits), deadline_(Monotonic::now() + limits.timeout) {
    Pipe out = make_pipe();
    Pipe err = make_pipe();
    ChildSpec spec{.program = call.program,
                   .argv = call.argv,
                   .env = current_environment(),
                   .directory = call.directory,
                   .fds = {{out.write_end.get(), 1}, {err.write_end.get(), 2}},
                   .own_process_group = true};
    child_.emplace(spec);
    out_ = std::move(out.read_end);
    err_ = std::move(err.read_end);
    make_nonblocking(out_.get());
    make_nonblocking(err_.get());
  }

  void add_events(std::vector<pollfd>& events) const {
    if (out_) events.push_back({out_.get(), POLLIN, 0});
    if (err_) events.push_back({err_.get(), POLLIN, 0});
    if (!has_ended_) events.push_back({child_->pidfd(), POLLIN, 0});
  }
  Monotonic::time_point deadline() const noexcept { return deadline_; }

  /// Takes what there is; true when nothing more will come and `result` is complete.
  bool advance(ScriptResult& result, std::string& errors) {
    // Whether the leader has ended is asked first: what it wrote before is then certainly read below.
    note_end();
    read_pipe(out_, [&](std::string_view piece) { result.output.append(piece); });
    read_pipe(err_, [&](std::string_view piece) { errors.append(piece); });
    if (result.output.size() > limits_.output) return stop(result, ScriptResult::End::too_much_output);
    if (has_ended_ && !out_ && !err_) return stop(result, ScriptResult::End::ended);
    if (Monotonic::now() < deadline_) return false;
    return stop(result, has_ended_ ? ScriptResult::End::ended : ScriptResult::End::timed_out);
  }

 private:
  void note_end() {
    pollfd event{child_->pidfd(), POLLIN, 0};
    if (has_ended_ || ::poll(&event, 1, 0) != 1) return;
    has_ended_ = true;
    deadline_ = std::min(deadline_, Monotonic::now() + k_leftover_grace);
  }

  /// The leader is still a zombie here, so its number and its group are nobody else's.
  bool stop(ScriptResult& result, ScriptResult::End end) {
    child_->kill(SIGKILL);
    result.end = end;
    result.wait_status = child_->wait();
    return true;
  }

  template <typename Sink>
  void read_pipe(UniqueFd& pipe, const Sink& sink) {
    if (!pipe) return;
    // Not to the end at once: a script that floods must not keep the loop from the clock and from the others.
    std::array<char, 65536> buffer;
    ssize_t n = ::read(pipe.get(), buffer.data(), buffer.size());
    if (n > 0) sink(std::string_view{buffer.data(), static_cast<std::size_t>(n)});
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) pipe.reset();
  }

  ScriptRunner::Limits limits_;
  Monotonic::time_point deadline_;
  std::optional<Child> child_;
  UniqueFd out_;
  UniqueFd err_;
  bool has_ended_ = false;
};

/// One call of run().
class Batch {
 public:
  Batch(const std::vector<ScriptCall>& calls, const ScriptRunner::Limits& limits, const ScriptRunner::ErrorSink& sink,
        const ScriptRunner::ProgressSink& progress)
      : calls_(calls),
        limits_(limits),
        sink_(sink),
        progress_(progress),
        results_(calls.size()),
        errors_(calls.size()) {}

  std::vector<ScriptResult> run() {
    TerminationSignals signals;
    while (shown_ < calls_.size()) {
      start_more();
      show_progress();
      wait_for_event(signals);
      signals.throw_if_received();
      std::erase_if(running_,
                    [&](auto& entry) { return entry.second->advance(results_[entry.first], errors_[entry.first]); });
      show_errors();
    }
    show_progress();
    return std::move(results_);
  }

 private:
  void show_progress() {
    if (!progress_) return;
    ScriptProgress now{next_ - running_.size(), calls_.size(), {}};
    for (const auto& [index, script] : running_) now.running.push_back(index);
    progress_(now);
  }

  void start_more() {
    while (next_ < calls_.size() && running_.size() < std::max(limits_.jobs, 1U)) {
      std::size_t index = next_++;
      try {
        running_.emplace(index, std::make_unique<Running>(calls_[index], limits_));
      } catch (const SysError& error) {
        results_[index].error = error.what();
      }
    }
  }

  void wait_for_event(const TerminationSignals& signals) {
    if (running_.empty()) return;
    std::vector<pollfd> events{{signals.fd(), POLLIN, 0}};
    auto until = Monotonic::time_point::max();
    for (const auto& [index, script] : running_) {
      script->add_events(events);
      until = std::min(until, script->deadline());
    }
    auto left = std::chrono::ceil<milliseconds>(until - Monotonic::now());
    auto longest = progress_ ? k_progress_interval : k_longest_wait;
    int wait = static_cast<int>(std::clamp<milliseconds::rep>(left.count(), 0, longest.count()));
    if (::poll(events.data(), events.size(), wait) < 0 && errno != EINTR) throw SysError("poll", "scripts");
  }

  void show_errors() {
    while (shown_ < next_) {
      std::string& text = errors_[shown_];
      if (!text.empty()) sink_(shown_, text);
      text.clear();
      if (running_.contains(shown_)) break;
      ++shown_;
    }
    for (std::size_t i = shown_; i < next_; ++i) errors_[i].resize(std::min(errors_[i].size(), k_max_waiting_errors));
  }

  const std::vector<ScriptCall>& calls_;
  const ScriptRunner::Limits& limits_;
  const ScriptRunner::ErrorSink& sink_;
  const ScriptRunner::ProgressSink& progress_;
  std::vector<ScriptResult> results_;
  std::vector<std::string> errors_;  ///< not yet shown
  std::map<std::size_t, std::unique_ptr<Running>> running_;
  std::size_t next_ = 0;   ///< to start
  std::size_t shown_ = 0;  ///< those before have ended and are shown
};

}  // namespace

ScriptRunner::ScriptRunner(Limits limits, ErrorSink sink, ProgressSink progress)
    : limits_(limits), sink_(std::move(sink)), progress_(std::move(progress)) {}

std::vector<ScriptResult> ScriptRunner::run(const std::vector<ScriptCall>& calls) {
  return Batch(calls, limits_, sink_, progress_).run();
}

}  // namespace ejf::lang
