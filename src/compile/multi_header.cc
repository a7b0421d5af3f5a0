// SPDX-License-Identifier: Apache-2.0
#include "compile/multi_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <deque>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "compile/archive.h"
#include "compile/beside.h"
#include "compile/compilation.h"
#include "compile/job_names.h"
#include "compile/prepended.h"
#include "compile/style_check.h"
#include "compile/test_files.h"

namespace ejf::compile {

namespace {

namespace asio = boost::asio;
using packet::RunStatus;

constexpr mode_t k_executable_mode = 0755;
constexpr mode_t k_properties_mode = 0644;

/// Which of two results a request gets.
RunStatus worse(RunStatus a, RunStatus b) {
  for (RunStatus status : {RunStatus::check_failed, RunStatus::compile_error, RunStatus::style_error}) {
    if (a == status || b == status) return status;
  }
  return RunStatus::ok;
}

struct TestResult {
  explicit TestResult(std::size_t log_limit = 0) : log(log_limit) {}

  RunStatus status = RunStatus::ok;
  RequestLog log;
  std::string name;  ///< of the members of the archive, without a suffix
  UniqueFd executable;
  std::uint64_t executable_size = 0;
  UniqueFd properties;
  std::int32_t prepended_size = 0;
  std::chrono::microseconds real_time{0};
};

/// One test: its own box, a slot while something runs in it.
class TestCompilation {
 public:
  TestCompilation(const Job& job, const TestDirectory& tests, const std::string& source, int serial, TestFiles files)
      : job_(job),
        tests_(tests),
        serial_(serial),
        files_(std::move(files)),
        source_(files_.header + source + files_.footer),
        place_(job),
        result_(job.workshop.limits.log_stored) {
    result_.name = fmt::format("{:06}_{:03}", job.request.run_id, serial);
    plan_.source = make_job_names(source_, job.language(), job.recipe->src_sfx, "").source;
    plan_.executable = result_.name + job.recipe->exe_sfx;
    plan_.output = job.in_build(plan_.executable);
    plan_.environment = files_.info.compiler_env;
    plan_.discard_output = files_.info.compiler_must_fail;
    if (job.request.enable_run_props > 0) plan_.properties_file = result_.name + ".json";
  }

  asio::awaitable<TestResult> run() {
    if (!files_.problem.empty()) {
      result_.log.add(files_.problem);
      result_.status = RunStatus::check_failed;
      co_return std::move(result_);
    }
    result_.log.add(fmt::format("=== compilation for test {} ===\n", serial_));
    SlotLease slot = co_await job_.workshop.slots.acquire();
    result_.status = co_await compile();
    co_await check_style_once();
    co_return std::move(result_);
  }

 private:
  bool may_fail() const {
    const auto& info = files_.info;
    return (info.compiler_must_fail || info.allow_compile_error) && !info.source_stub.empty();
  }

  asio::awaitable<RunStatus> compile() {
    jail::RunReport report;
    const RunStatus status = co_await run_compiler(source_, report);
    // Not when it compiles although it must not: nothing takes the place of such a source.
    if (status == RunStatus::compile_error && may_fail()) co_return co_await compile_stub();
    if (status != RunStatus::ok) co_return status;
    const bool is_good = problem_of(report.outputs.at(0)).empty();
    if (is_good && files_.info.compiler_must_fail) co_return say_must_fail();
    co_return take_outputs(report, source_);
  }

  asio::awaitable<RunStatus> compile_stub() {
    auto stub = tests_.read_stub(files_.info.source_stub);
    if (!stub) {
      result_.log.add_line(stub.error());
      co_return RunStatus::check_failed;
    }
    jail::RunReport report;
    const RunStatus status = co_await run_compiler(*stub, report);
    co_return status == RunStatus::ok ? take_outputs(report, *stub) : status;
  }

  asio::awaitable<RunStatus> run_compiler(const std::string& text, jail::RunReport& report) {
    if (job_.request.enable_run_props > 0) plan_.properties = place_.directory() + "/" + plan_.properties_file;
    place_.put_source(plan_.source, make_memory_file("source", text));
    const jail::RunSpec run = compiler_run(job_, plan_);
    report = co_await place_.run(run);
    result_.real_time += report.real_time;
    co_return judge_compiler(job_, run.limits, report, result_.log);
  }

  RunStatus take_outputs(jail::RunReport& report, const std::string& text) {
    const std::string problem = problem_of(report.outputs.at(0));
    if (!problem.empty()) {
      result_.log.add_line(problem);
      return report.outputs[0].state == jail::FileState::too_large ? RunStatus::compile_error : RunStatus::check_failed;
    }
    result_.executable = std::move(report.outputs[0].fd);
    result_.executable_size = report.outputs[0].size;
    result_.properties = take_properties(report);
    if (job_.request.preserve_numbers != 0) {
      result_.prepended_size = prepended_size(text, result_.executable.get(), result_.executable_size);
    }
    return RunStatus::ok;
  }

  RunStatus say_must_fail() {
    result_.log.add_line(fmt::format("compiler must fail on test {}, but compilation was successful\n", serial_));
    if (!files_.info.comment.empty()) result_.log.add(fmt::format("possible reason:\n{}\n", files_.info.comment));
    return RunStatus::compile_error;
  }

  std::string problem_of(const jail::OutputFile& file) const {
    const std::string path = fmt::format("{}/{}", k_box_path, plan_.output);
    switch (file.state) {
      case jail::FileState::missing:
        return fmt::format("output file '{}' does not exist: No such file or directory\n", path);
      case jail::FileState::not_regular:
        return fmt::format("output file '{}' is not regular\n", path);
      case jail::FileState::too_large:
        return fmt::format("output file '{}' is too large (size = {})\n", path, file.size);
      case jail::FileState::ok:
        return file.executable ? "" : fmt::format("output file '{}' is not executable: Permission denied\n", path);
    }
    return {};
  }

  /// A request's style is checked once, on the first test: as soon as anything is wrong there is nothing to check.
  asio::awaitable<void> check_style_once() {
    const auto& request = job_.request;
    if (serial_ != 1 || result_.status != RunStatus::ok || request.vcs_mode > 0 || request.style_checker.empty()) {
      co_return;
    }
    result_.log.add_line("=== style checking ===\n");
    result_.status = co_await check_style(job_, plan_.source, make_memory_file("source", source_),
                                          files_.info.style_checker_env, result_.log);
  }

  const Job& job_;
  const TestDirectory& tests_;
  int serial_;
  TestFiles files_;
  std::string source_;
  Workplace place_;
  Compilation plan_;
  TestResult result_;
};

/// All tests of a request, some of them at a time.
class TestSeries {
 public:
  TestSeries(const Job& job, const TestDirectory& tests, const std::string& source, RequestLog& log)
      : job_(job), tests_(tests), source_(source), log_(log) {
    outcome_.status = RunStatus::ok;
    outcome_.is_archive = true;
  }

  asio::awaitable<CompileOutcome> run() {
    co_await compile_all();
    co_await finish();
    co_return std::move(outcome_);
  }

 private:
  /// A few more than can run: a test that waits for its slot has its files read already.
  std::size_t window() const { return job_.workshop.slots.size() + 1; }

  asio::awaitable<void> compile_all() {
    const auto executor = co_await asio::this_coro::executor;
    std::deque<Started<TestResult>> running;
    Started<bool> all(executor, start_all(executor, running));
    co_await all.ended();
    // What was started refers to this object, so that each must have ended before a failure may go on.
    for (auto& test : running) co_await test.ended();
    co_await all.result();
  }

  asio::awaitable<bool> start_all(asio::any_io_executor executor, std::deque<Started<TestResult>>& running) {
    bool is_last = false;
    for (int serial = 1; !is_last; ++serial) {
      std::optional<TestFiles> files = next_files(serial);
      is_last = !files || !tests_.has_numbers();
      if (files) running.emplace_back(executor, compile(serial, std::move(*files)));
      while (!running.empty() && (is_last || running.size() >= window())) {
        co_await take(co_await running.front().result());
        running.pop_front();
      }
    }
    co_return true;
  }

  std::optional<TestFiles> next_files(int serial) {
    auto files = tests_.read(serial);
    if (!files && serial == 1) {
      ending_ = "no test-specific header, footer, or compiler_env file found\n";
    } else if (files && serial > job_.workshop.max_tests) {
      ending_ = fmt::format("there are more than {} tests\n", job_.workshop.max_tests);
      files.reset();
    }
    return files;
  }

  asio::awaitable<TestResult> compile(int serial, TestFiles files) {
    TestCompilation test(job_, tests_, source_, serial, std::move(files));
    co_return co_await test.run();
  }

  asio::awaitable<void> take(TestResult result) {
    log_.end_line();
    log_.add(result.log);
    outcome_.status = worse(outcome_.status, result.status);
    outcome_.real_time += result.real_time;
    outcome_.prepended_size = result.prepended_size;
    if (outcome_.status != RunStatus::ok) co_return;
    if (archive_.content_size() + result.executable_size > most_in_archive()) {
      log_.add_line(fmt::format("the executables of all tests together are too large, the limit is {}\n",
                                human_size(most_in_archive())));
      outcome_.status = RunStatus::compile_error;
      co_return;
    }
    co_await in_background(job_.workshop.pool, [&] { archive(result); });
    outcome_.has_properties = outcome_.has_properties || result.properties;
  }

  /// It is memory of the server, in no job's account; and more will hardly pack into what an archive may be.
  std::uint64_t most_in_archive() const { return std::min(job_.workshop.box.bytes, 4 * k_max_executable); }

  void archive(const TestResult& result) {
    archive_.add(result.name + job_.recipe->exe_sfx, result.executable.get(), result.executable_size,
                 k_executable_mode);
    if (!result.properties) return;
    const auto size = static_cast<std::uint64_t>(stat_fd(result.properties.get(), result.name).st_size);
    archive_.add(result.name + ".json", result.properties.get(), size, k_properties_mode);
  }

  asio::awaitable<void> finish() {
    if (!ending_.empty()) {
      log_.add_line(ending_);
      outcome_.status = RunStatus::check_failed;
    }
    if (outcome_.status != RunStatus::ok) co_return;
    jail::OutputFile file;
    co_await in_background(job_.workshop.pool, [&] { file.fd = archive_.finish(); });
    file.size = static_cast<std::uint64_t>(stat_fd(file.fd.get(), "archive").st_size);
    file.state = file.size <= k_max_executable ? jail::FileState::ok : jail::FileState::too_large;
    const JobNames names = make_job_names(source_, job_.language(), "", job_.recipe->exe_sfx);
    take_executable(outcome_, file, names.executable, log_);
  }

  const Job& job_;
  const TestDirectory& tests_;
  const std::string& source_;
  RequestLog& log_;
  Archive archive_;
  CompileOutcome outcome_;
  std::string ending_;  ///< why there are no tests, or no more of them, for the log's end
};

}  // namespace

asio::awaitable<CompileOutcome> compile_tests(const Job& job, const std::string& source, RequestLog& log) {
  auto tests = TestDirectory::open(job);
  if (!tests) {
    log.add(tests.error());
    co_return CompileOutcome{};
  }
  TestSeries series(job, *tests, source, log);
  co_return co_await series.run();
}

}  // namespace ejf::compile
