// SPDX-License-Identifier: Apache-2.0
// ejforge lang test
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "base/build_info.h"
#include "base/error.h"
#include "base/files.h"
#include "tools/configure_report.h"
#include "tools/lang_command.h"
#include "tools/lang_info.h"
#include "tools/lang_report.h"
#include "tools/lang_trial.h"
#include "tools/options.h"

namespace ejf::tools {

namespace {

namespace po = boost::program_options;

constexpr const char* k_usage = "ejforge lang test [LANGUAGE...] [OPTIONS]";

po::options_description describe_options() {
  po::options_description options = site_options();
  auto add = options.add_options();
  add("jobs", po::value<unsigned>()->default_value(std::max(std::thread::hardware_concurrency(), 1U)),
      "how many languages are tried at once");
  add("timeout", po::value<unsigned>(),
      "seconds that each compiler and each program may take; else as long as compile.cfg says, and 10");
  add("samples", po::value<std::string>(), "directory of the programs, in place of the installed one");
  add("no-jail", "run compilers and programs without a jail (dangerous)");
  add("json", "print JSON");
  return options;
}

LangTrialOptions trial_options(const po::variables_map& values) {
  constexpr unsigned k_most = 86'400;
  LangTrialOptions options;
  options.jobs = values["jobs"].as<unsigned>();
  if (options.jobs < 1 || options.jobs > 1000) throw UsageError("--jobs: a number from 1 to 1000 is expected");
  if (values.count("timeout") == 0) return options;
  const unsigned seconds = values["timeout"].as<unsigned>();
  if (seconds < 1 || seconds > k_most) throw UsageError(fmt::format("--timeout: 1 to {} seconds", k_most));
  options.limit = std::chrono::seconds{seconds};
  return options;
}

lang::SampleLibrary open_samples(const server::Configuration& configuration, const std::string& directory) {
  const std::string& scripts = configuration.site.script_dir.value;
  const std::string installed = directory.empty() ? std::string{build_info::lang_dir()} + "/samples" : directory;
  lang::SampleLibrary samples({scripts + "/samples", installed},
                              {scripts + "/variants.cfg", installed + "/../variants.cfg"});
  if (::access(installed.c_str(), R_OK | X_OK) != 0) throw SysError("open", installed);
  for (const auto& problem : samples.problems()) fmt::print(stderr, "ejforge: {}\n", problem);
  return samples;
}

/// Those that were named, else all that are on.
std::vector<const config::Language*> choose_languages(const server::Configuration& configuration,
                                                      const Arguments& names) {
  std::vector<const config::Language*> chosen;
  for (const auto& name : names) {
    const config::Language* language = &find_configured(configuration.compile_cfg, name);
    if (std::find(chosen.begin(), chosen.end(), language) == chosen.end()) chosen.push_back(language);
  }
  if (!names.empty()) return chosen;
  for (const auto& language : configuration.compile_cfg.languages) {
    if (language.disabled <= 0) chosen.push_back(&language);
  }
  if (chosen.empty()) throw Error(configuration.site.compile_cfg.value + ": no language is on");
  std::sort(chosen.begin(), chosen.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  return chosen;
}

}  // namespace

int run_lang_test(const Arguments& arguments) {
  const po::options_description options = describe_options();
  po::variables_map values;
  if (parse(arguments, k_usage, options, values)) return k_done;
  const LangTrialOptions how = trial_options(values);
  server::Options where = server_options(values);
  where.use_jail = values.count("no-jail") == 0;
  where.slots = how.jobs;
  // Beside a running server: another set of uids and cgroups than its slots have.
  where.serial = server::k_first_free_serial + static_cast<unsigned>(::getpid());
  config::Diagnostics diagnostics;
  const server::Configuration configuration = server::load_configuration(where, diagnostics);
  const auto languages = choose_languages(configuration, words(values));
  const lang::SampleLibrary samples = open_samples(configuration, value_of(values, "samples"));

  if (!where.use_jail) make_directories(configuration.work_dir, 0775);
  LiveLog log;
  std::vector<LangTrial> trials = try_languages(configuration, where, languages, samples, how, log.listener());
  log.end();
  for (std::size_t i = 0; i < trials.size(); ++i) {
    trials[i].version = describe_language(configuration, *languages[i]).version;
  }
  const bool colours = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  fmt::print("{}", values.count("json") != 0 ? lang_trials_json(trials) : format_lang_trials(trials, colours));
  return exit_code(trials);
}

}  // namespace ejf::tools
