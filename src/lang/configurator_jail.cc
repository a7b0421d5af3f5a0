// SPDX-License-Identifier: Apache-2.0
// The configurator's trial of each language in the jail.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "lang/configurator.h"
#include "lang/samples.h"
#include "lang/termination.h"

namespace ejf::lang {

namespace {

/// When so many languages are tried and none works, something else is wrong, and the languages stay on.
constexpr std::size_t k_suspiciously_many = 3;

}  // namespace

std::vector<Probe*> Configurator::all_probes() {
  std::vector<Probe*> all;
  all.reserve(probes_.size());
  for (auto& probe : probes_) all.push_back(&probe);
  return all;
}

void Configurator::try_in_jail(const std::vector<Probe*>& probes, bool is_lang_config_saved) {
  if (!settings_.jail_test) return;
  try {
    Stage stage(settings_.temp_dir);
    stage.put_compile_cfg(merge().update.text);
    ServerPlace place{script_dir_, settings_.lang_config_dir, stage.compile_cfg()};
    if (!is_lang_config_saved) {
      place.lang_config_dir = stage.lang_config_dir();
      stage.copy_lang_config(settings_.lang_config_dir);
      for (const auto& probe : probes_) {
        if (probe.is_readable) stage.put_lang_file(probe.language + ".cfg", probe.output);
      }
    }
    std::vector<SampleJob> jobs = choose_samples(probes, place);
    if (jobs.empty()) return;
    std::vector<SampleVerdict> verdicts = settings_.jail_test(place, jobs, listener_);
    auto passed = std::count_if(verdicts.begin(), verdicts.end(), [](const auto& v) { return v.is_passed; });
    if (passed == 0 && jobs.size() >= k_suspiciously_many) {
      throw Error(fmt::format("not one of {} samples compiles there ({}: {}), so the fault is not the languages'",
                              jobs.size(), jobs[0].language, verdicts.at(0).reason));
    }
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      auto is_meant = [&](const Probe* probe) { return probe->language == jobs[i].language; };
      take_verdict(**std::find_if(probes.begin(), probes.end(), is_meant), verdicts.at(i));
    }
    say(fmt::format("{} of {} languages compile their sample in the jail", passed, verdicts.size()));
  } catch (const Interrupted&) {
    throw;
  } catch (const Error& error) {
    fail(fmt::format("warning: the languages were not tried in the jail: {}", error.what()));
  }
}

std::vector<SampleJob> Configurator::choose_samples(const std::vector<Probe*>& probes, const ServerPlace& place) const {
  std::vector<SampleJob> jobs;
  std::vector<std::string> without;
  const VariantFiles variants = variant_files();
  const SampleLibrary samples(settings_.sample_dirs, {variants.site, variants.installation});
  for (const auto& problem : samples.problems()) say(problem);
  for (const Probe* probe : probes) {
    if (!probe->is_enabled) continue;
    std::string sample = samples.find(probe->language, "correct", probe->value("src_sfx"));
    if (sample.empty()) {
      without.push_back(probe->language);
    } else {
      bool is_staged = place.lang_config_dir != settings_.lang_config_dir;
      std::string settings = is_staged ? absolute_below(place.lang_config_dir, probe->language + ".cfg") : "";
      jobs.push_back({probe->language, probe->short_name, std::move(sample), std::move(settings)});
    }
  }
  if (!without.empty()) {
    say(fmt::format("not tried in the jail, because there is no sample program: {}", fmt::join(without, " ")));
  }
  return jobs;
}

void Configurator::take_verdict(Probe& probe, const SampleVerdict& verdict) {
  probe.jail = verdict.is_passed ? JailState::passed : JailState::failed;
  if (verdict.is_passed) return;
  constexpr std::size_t k_shown_lines = 10;
  probe.is_enabled = false;
  probe.reason = "it does not work in the jail: " + verdict.reason;
  fail(fmt::format("{}: disabled: {}", probe.language, probe.reason));
  std::size_t shown = 0;
  for (std::string_view line : split(verdict.log, '\n')) {
    if (!line.empty() && shown++ < k_shown_lines) say(fmt::format("    {}", line));
  }
}

}  // namespace ejf::lang
