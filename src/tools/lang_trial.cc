// SPDX-License-Identifier: Apache-2.0
#include "tools/lang_trial.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "compile/compiler.h"
#include "lang/columns.h"
#include "tools/sample_loop.h"
#include "tools/sample_run.h"

namespace ejf::tools {

namespace {

namespace asio = boost::asio;
using lang::WrongProgram;
using packet::RunStatus;

constexpr std::chrono::seconds k_run_limit{10};

// Here, because lists of strings inside a coroutine are more than GCC 12 can translate.
const std::string k_answer{lang::k_sample_answer};
const std::string k_no_files;
const std::vector<std::string> k_nothing;
const std::vector<std::string> k_with_check{"EJUDGE_SYNTAX_CHECK=1"};
const std::vector<std::string> k_project{"EJUDGE_SOLUTION_FILE=solution", "EJUDGE_START_FILE=start",
                                         "EJUDGE_SOLUTION_FILE_JAVA=Solution", "EJUDGE_START_FILE_JAVA=Start"};

bool is_directory(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool is_blank_text(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

std::string quote(std::string_view text) {
  constexpr std::size_t k_longest = 60;
  text = trim(text);
  const std::string_view shown = lang::first_characters(text, k_longest);
  return fmt::format("'{}{}'", lang::printable(shown), shown.size() < text.size() ? "..." : "");
}

CheckResult passed(std::string remark) {
  return {CheckState::passed, std::move(remark), {}, {}};
}

CheckResult failed(std::string remark, std::string reason, std::string log = {}) {
  return {CheckState::failed, std::move(remark), std::move(reason), std::move(log)};
}

/// One language. Outlives its coroutines.
class Examination {
 public:
  Examination(compile::Workshop& workshop, const config::Language& language, const lang::SampleLibrary& samples,
              const std::string& script_dir, std::optional<std::chrono::milliseconds> limit)
      : workshop_(workshop),
        language_(language),
        samples_(samples),
        notes_(samples.notes(language.short_name)),
        limit_(limit) {
    trial_.language = language.short_name;
    trial_.id = language.id;
    auto starter = samples.runner(language.arch);
    can_run_ = notes_.can_run && starter.has_value();
    if (starter && !starter->empty()) starter_ = absolute_below(script_dir, *starter);
  }

  asio::awaitable<LangTrial> examine() {
    co_await try_correct();
    co_await try_wrong();
    co_await try_multi();
    co_await try_flags();
    co_return std::move(trial_);
  }

 private:
  using Outcome = compile::CompileOutcome;

  std::string sample(std::string_view kind) const {
    return samples_.find(language_.short_name, kind, language_.src_sfx);
  }

  asio::awaitable<Outcome> compile(const std::string& source, const std::vector<std::string>& env,
                                   const std::string& further_files = {}) {
    packet::CompileRequest request;
    request.contest_id = 1;
    request.lang_id = language_.id;
    request.src_sfx = language_.src_sfx;
    request.env = language_.compiler_env;  // as contests do that import the language
    request.env.insert(request.env.end(), env.begin(), env.end());
    request.extra_src_dir = further_files;
    if (limit_) request.container_options = fmt::format("lr{}", limit_->count());
    UniqueFd file = open_at(AT_FDCWD, source, O_RDONLY);
    Outcome outcome = co_await compile::compile_request(workshop_, request, std::move(file));
    trial_.time += outcome.real_time;
    co_return outcome;
  }

  /// What to say of a program that should have been compiled.
  CheckResult explain_refusal(const Outcome& outcome) const {
    const lang::Recipe* recipe = workshop_.recipes.find(language_.id);
    const bool is_off = recipe == nullptr || !recipe->unavailable.empty();
    const std::string status{packet::status_name(outcome.status)};
    CheckResult result = failed(status, "it does not compile: " + status, outcome.log);
    if (outcome.status == RunStatus::check_failed && !is_off) result.state = CheckState::fault;
    return result;
  }

  SampleProgram program_of(const Outcome& outcome) const {
    return {outcome.executable.duplicate(), "program" + language_.exe_sfx, starter_};
  }

  asio::awaitable<SampleRun> run(const SampleProgram& program, const std::string& input) {
    SampleRun run = co_await run_sample(workshop_, program, input, limit_.value_or(k_run_limit));
    trial_.time += run.time;
    co_return run;
  }

  asio::awaitable<CheckResult> run_and_compare(const SampleProgram& program, const std::string& input,
                                               const std::string& answer) {
    const SampleRun ran = co_await run(program, input);
    if (ran.is_fault) co_return CheckResult{CheckState::fault, "no jail", ran.end, ran.errors};
    if (!ran.is_good_end) co_return failed("fails", "it compiles and fails when it runs: " + ran.end, ran.errors);
    if (is_same_answer(ran.output, answer)) co_return passed("OK");
    co_return failed("wrong answer", fmt::format("it prints {}, not {}", quote(ran.output), quote(answer)), ran.errors);
  }

  asio::awaitable<void> try_correct() {
    const std::string source = sample("correct");
    if (source.empty()) co_return;
    CheckResult& correct = trial_.of(LangCheck::correct);
    const Outcome outcome = co_await compile(source, k_nothing);
    if (outcome.status != RunStatus::ok) {
      correct = explain_refusal(outcome);
      co_return;
    }
    correct = passed("compiles");
    if (!can_run_) co_return;
    const SampleProgram program = program_of(outcome);
    correct = co_await run_and_compare(program, notes_.first.input, notes_.first.answer);
    if (correct.state != CheckState::passed || !notes_.second) co_return;
    trial_.of(LangCheck::input) = co_await run_and_compare(program, notes_.second->input, notes_.second->answer);
  }

  asio::awaitable<void> try_wrong() {
    const std::string source = sample("wrong");
    if (source.empty()) co_return;
    CheckResult& wrong = trial_.of(LangCheck::wrong);
    const Outcome outcome = co_await compile(source, k_nothing);
    if (outcome.status != RunStatus::ok || notes_.wrong == WrongProgram::refused) {
      wrong = judge_refusal(outcome);
      co_return;
    }
    wrong = passed("compiles");
    if (can_run_) wrong = co_await run_wrong(outcome);
    if (wrong.state != CheckState::passed || notes_.wrong != WrongProgram::refused_on_request) co_return;
    CheckResult check = co_await try_syntax_check(source);
    if (check.state == CheckState::passed) {
      wrong.remark += ", or checked";
    } else {
      check.reason += " with EJUDGE_SYNTAX_CHECK=1";
      wrong = std::move(check);
    }
  }

  /// A check that refuses everything is none.
  asio::awaitable<CheckResult> try_syntax_check(const std::string& wrong_source) {
    const Outcome refused = co_await compile(wrong_source, k_with_check);
    CheckResult check = judge_refusal(refused);
    const std::string correct_source = sample("correct");
    if (check.state != CheckState::passed || correct_source.empty()) co_return check;
    const Outcome taken = co_await compile(correct_source, k_with_check);
    if (taken.status == RunStatus::ok) co_return check;
    check = explain_refusal(taken);
    check.reason = "the correct program is refused";
    co_return check;
  }

  CheckResult judge_refusal(const Outcome& outcome) const {
    if (outcome.status == RunStatus::ok) return failed("compiles", "a program with a mistake compiles", outcome.log);
    if (outcome.status != RunStatus::compile_error) return explain_refusal(outcome);
    if (is_blank_text(outcome.log)) return failed("no message", "it is refused without a message");
    return {CheckState::passed, "compile error", {}, outcome.log};
  }

  asio::awaitable<CheckResult> run_wrong(const Outcome& outcome) {
    const SampleProgram program = program_of(outcome);
    const SampleRun ran = co_await run(program, notes_.first.input);
    if (ran.is_fault) co_return CheckResult{CheckState::fault, "no jail", ran.end, ran.errors};
    if (ran.is_good_end && is_same_answer(ran.output, notes_.first.answer)) {
      co_return failed("right answer", "a program with a mistake compiles and prints the right answer", ran.errors);
    }
    co_return passed("fails when run");
  }

  asio::awaitable<void> try_multi() {
    const std::string source = sample("multi");
    if (source.empty()) co_return;
    std::string further_files = source.substr(0, source.rfind('/')) + "/multi";
    if (!is_directory(further_files)) further_files.clear();
    trial_.of(LangCheck::multi) = co_await compile_and_compare(source, k_project, further_files);
  }

  asio::awaitable<void> try_flags() {
    const std::string source = notes_.flags.empty() ? "" : sample("flags");
    if (source.empty()) co_return;
    std::vector<std::string> env;
    env.push_back("EJUDGE_FLAGS=" + notes_.flags);
    trial_.of(LangCheck::flags) = co_await compile_and_compare(source, env, k_no_files);
  }

  asio::awaitable<CheckResult> compile_and_compare(const std::string& source, const std::vector<std::string>& env,
                                                   const std::string& further_files) {
    const Outcome outcome = co_await compile(source, env, further_files);
    if (outcome.status != RunStatus::ok) co_return explain_refusal(outcome);
    if (!can_run_) co_return passed("compiles");
    const SampleProgram program = program_of(outcome);
    co_return co_await run_and_compare(program, notes_.first.input, k_answer);
  }

  compile::Workshop& workshop_;
  const config::Language& language_;
  const lang::SampleLibrary& samples_;
  lang::SampleNotes notes_;
  std::optional<std::chrono::milliseconds> limit_;
  bool can_run_ = false;
  std::string starter_;
  LangTrial trial_;
};

/// All languages of one test: as many workers as languages may be tried at one time, each of which takes the next.
class Session {
 public:
  Session(const server::Configuration& configuration, const server::Options& server,
          const std::vector<const config::Language*>& languages, const LangTrialOptions& options,
          const lang::Listener& listener)
      : languages_(languages),
        options_(options),
        listener_(listener),
        script_dir_(configuration.site.script_dir.value),
        loop_(configuration, jail_config(configuration, server, languages, options.jobs), server.use_jail),
        trials_(languages.size()),
        is_done_(languages.size()) {}

  std::vector<LangTrial> run(const lang::SampleLibrary& samples) {
    // What is installed here needs no permission, as it would if a contest named it.
    auto& roots = loop_.workshop().request_roots;
    if (!roots.empty()) roots.insert(roots.end(), samples.directories().begin(), samples.directories().end());
    for (unsigned i = 0; i < options_.jobs; ++i) {
      ++working_;
      asio::co_spawn(loop_.context(), work(samples), [this](const std::exception_ptr& thrown) {
        if (thrown && !failure_) failure_ = thrown;
        if (--working_ == 0) loop_.stop();
      });
    }
    loop_.run([this] { show_progress(); });
    if (failure_) std::rethrow_exception(failure_);
    return std::move(trials_);
  }

 private:
  static jail::JailConfig jail_config(const server::Configuration& configuration, const server::Options& server,
                                      const std::vector<const config::Language*>& languages, unsigned jobs) {
    jail::JailConfig config = server::jail_config(configuration, server);
    config.slots = jobs;
    // Contestants' programs run in ejudge's jail. In ours only compilers do, which are never of that kind.
    config.allow_i386 =
        std::any_of(languages.begin(), languages.end(), [](const auto* each) { return each->arch.ends_with("-32"); });
    return config;
  }

  asio::awaitable<void> work(const lang::SampleLibrary& samples) {
    while (next_ < languages_.size()) {
      const std::size_t index = next_++;
      const config::Language& language = *languages_[index];
      Examination examination(loop_.workshop(), language, samples, script_dir_, options_.limit);
      try {
        trials_[index] = co_await examination.examine();
      } catch (const Error& error) {
        trials_[index].language = language.short_name;
        trials_[index].id = language.id;
        trials_[index].of(LangCheck::correct) = {CheckState::fault, "failed", error.what(), {}};
      }
      is_done_[index] = true;
      show_progress();
    }
  }

  void show_progress() const {
    if (!listener_.progress) return;
    lang::Progress progress{0, languages_.size(), {}};
    for (std::size_t i = 0; i < languages_.size(); ++i) {
      if (is_done_[i]) ++progress.done;
      if (!is_done_[i] && i < next_) progress.running.push_back(languages_[i]->short_name);
    }
    listener_.progress(progress);
  }

  const std::vector<const config::Language*>& languages_;
  const LangTrialOptions& options_;
  const lang::Listener& listener_;
  const std::string script_dir_;
  SampleLoop loop_;
  std::vector<LangTrial> trials_;
  std::vector<bool> is_done_;
  std::size_t next_ = 0;
  unsigned working_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

std::vector<LangTrial> try_languages(const server::Configuration& configuration, const server::Options& server,
                                     const std::vector<const config::Language*>& languages,
                                     const lang::SampleLibrary& samples, const LangTrialOptions& options,
                                     const lang::Listener& listener) {
  LangTrialOptions fitting = options;
  fitting.jobs = std::clamp(options.jobs, 1U, static_cast<unsigned>(std::max<std::size_t>(languages.size(), 1)));
  Session session(configuration, server, languages, fitting, listener);
  return session.run(samples);
}

}  // namespace ejf::tools
