// SPDX-License-Identifier: Apache-2.0
#include "tools/jail_test.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <exception>

#include "base/error.h"
#include "base/files.h"
#include "compile/compiler.h"
#include "jail/jail.h"
#include "lang/termination.h"
#include "server/configuration.h"
#include "server/workshop.h"

namespace ejf::tools {

namespace {

namespace asio = boost::asio;
using lang::SampleJob;
using lang::SampleVerdict;

constexpr std::chrono::seconds k_progress_interval{1};

std::string first_line(const std::string& log) {
  auto begin = log.find_first_not_of('\n');
  return begin == std::string::npos ? "the log is empty" : log.substr(begin, log.find('\n', begin) - begin);
}

SampleVerdict judge(const compile::CompileOutcome& outcome) {
  if (outcome.status == packet::RunStatus::ok) return {true, {}, {}};
  return {false, fmt::format("{}: {}", packet::status_name(outcome.status), first_line(outcome.log)), outcome.log};
}

/// All samples of one test.
class Trial {
 public:
  Trial(const server::Configuration& configuration, const server::Options& options, const std::vector<SampleJob>& jobs,
        const lang::Listener& listener, unsigned parallel)
      : jobs_(jobs),
        listener_(listener),
        parallel_(parallel),
        jail_(jail_config(configuration, options, parallel)),
        async_jail_(loop_.get_executor(), jail_),
        slots_(loop_.get_executor(), parallel),
        workshop_(server::make_workshop(configuration, async_jail_, slots_, pool_, true)),
        signal_(loop_, UniqueFd(::fcntl(signals_.fd(), F_DUPFD_CLOEXEC, 0)).release()),
        timer_(loop_),
        requests_(jobs.size()),
        verdicts_(jobs.size()),
        is_done_(jobs.size()) {}

  std::vector<SampleVerdict> run() {
    tell_jail();
    for (std::size_t i = 0; i < jobs_.size(); ++i) start(i);
    signal_.async_wait(asio::posix::stream_descriptor::wait_read,
                       [this](const boost::system::error_code&) { async_jail_.cancel_all(); });
    tick();
    if (done_ < jobs_.size()) loop_.run();
    signals_.throw_if_received();
    return std::move(verdicts_);
  }

 private:
  static jail::JailConfig jail_config(const server::Configuration& configuration, const server::Options& options,
                                      unsigned parallel) {
    jail::JailConfig config = server::jail_config(configuration, options);
    config.slots = parallel;
    return config;
  }

  void tell_jail() const {
    const jail::Features& features = jail_.features();
    listener_.log(fmt::format("trying {} languages in the jail ({}, cgroup {})\n", jobs_.size(), features.namespaces,
                              features.cgroup));
    for (const auto& warning : features.warnings) listener_.log(fmt::format("jail: {}\n", warning));
  }

  void start(std::size_t index) {
    const SampleJob& job = jobs_[index];
    const lang::Recipe* recipe = workshop_.recipes.find(job.short_name);
    if (recipe == nullptr) return finish(index, {false, "compile.cfg has no such language", {}});
    packet::CompileRequest& request = requests_[index];
    request.contest_id = 1;
    request.lang_id = recipe->lang_id;
    request.src_sfx = recipe->src_sfx;
    if (!job.lang_config.empty()) request.env.push_back("EJUDGE_LANG_CONFIG=" + job.lang_config);
    asio::co_spawn(loop_, compile::compile_request(workshop_, request, open_at(AT_FDCWD, job.sample, O_RDONLY)),
                   [this, index](const std::exception_ptr& thrown, const compile::CompileOutcome& outcome) {
                     finish(index, thrown ? explain(thrown) : judge(outcome));
                   });
  }

  static SampleVerdict explain(const std::exception_ptr& thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const compile::Interrupted&) {
      return {false, "interrupted", {}};
    } catch (const std::exception& error) {
      return {false, error.what(), {}};
    }
  }

  void finish(std::size_t index, SampleVerdict verdict) {
    verdicts_[index] = std::move(verdict);
    is_done_[index] = true;
    ++done_;
    show_progress();
    if (done_ == jobs_.size()) loop_.stop();
  }

  /// Slots are given in order.
  void show_progress() const {
    if (!listener_.progress) return;
    lang::Progress progress{done_, jobs_.size(), {}};
    for (std::size_t i = 0; i < jobs_.size() && progress.running.size() < parallel_; ++i) {
      if (!is_done_[i]) progress.running.push_back(jobs_[i].language);
    }
    listener_.progress(progress);
  }

  void tick() {
    show_progress();
    timer_.expires_after(k_progress_interval);
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) tick();
    });
  }

  const std::vector<SampleJob>& jobs_;
  const lang::Listener& listener_;
  unsigned parallel_;
  lang::TerminationSignals signals_;
  jail::Jail jail_;
  asio::io_context loop_{1};
  compile::AsyncJail async_jail_;
  compile::SlotPool slots_;
  asio::thread_pool pool_{1};
  compile::Workshop workshop_;
  asio::posix::stream_descriptor signal_;
  asio::steady_timer timer_;
  std::vector<packet::CompileRequest> requests_;
  std::vector<SampleVerdict> verdicts_;
  std::vector<bool> is_done_;
  std::size_t done_ = 0;
};

}  // namespace

lang::JailTest make_jail_test(const config::SiteOptions& site, unsigned jobs) {
  return [=](const lang::ServerPlace& place, const std::vector<SampleJob>& samples, const lang::Listener& listener) {
    server::Options options;
    options.site = site;
    options.site.script_dir = place.script_dir;
    options.site.lang_config_dir = place.lang_config_dir;
    options.site.compile_cfg = place.compile_cfg;
    // Beside a running server: another set of uids and cgroups than its slots have.
    options.serial = server::k_first_free_serial + static_cast<unsigned>(::getpid());
    config::Diagnostics diagnostics;
    const server::Configuration configuration = server::load_configuration(options, diagnostics);
    unsigned parallel = std::min(jobs, static_cast<unsigned>(samples.size()));
    return Trial(configuration, options, samples, listener, std::max(parallel, 1U)).run();
  };
}

}  // namespace ejf::tools
