// SPDX-License-Identifier: Apache-2.0
#include "tools/jail_test.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <exception>

#include "base/error.h"
#include "base/files.h"
#include "compile/compiler.h"
#include "server/configuration.h"
#include "tools/sample_loop.h"

namespace ejf::tools {

namespace {

namespace asio = boost::asio;
using lang::SampleJob;
using lang::SampleVerdict;

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
        loop_(configuration, jail_config(configuration, options, parallel), true),
        requests_(jobs.size()),
        verdicts_(jobs.size()),
        is_done_(jobs.size()) {}

  std::vector<SampleVerdict> run() {
    tell_jail();
    for (std::size_t i = 0; i < jobs_.size(); ++i) start(i);
    if (done_ < jobs_.size()) loop_.run([this] { show_progress(); });
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
    const jail::Features& features = loop_.jail().features();
    listener_.log(fmt::format("trying {} languages in the jail ({}, cgroup {})\n", jobs_.size(), features.namespaces,
                              features.cgroup));
    for (const auto& warning : features.warnings) listener_.log(fmt::format("jail: {}\n", warning));
  }

  void start(std::size_t index) {
    const SampleJob& job = jobs_[index];
    const lang::Recipe* recipe = loop_.workshop().recipes.find(job.short_name);
    if (recipe == nullptr) return finish(index, {false, "compile.cfg has no such language", {}});
    packet::CompileRequest& request = requests_[index];
    request.contest_id = 1;
    request.lang_id = recipe->lang_id;
    request.src_sfx = recipe->src_sfx;
    if (!job.lang_config.empty()) request.env.push_back("EJUDGE_LANG_CONFIG=" + job.lang_config);
    asio::co_spawn(loop_.context(),
                   compile::compile_request(loop_.workshop(), request, open_at(AT_FDCWD, job.sample, O_RDONLY)),
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

  const std::vector<SampleJob>& jobs_;
  const lang::Listener& listener_;
  unsigned parallel_;
  SampleLoop loop_;
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
