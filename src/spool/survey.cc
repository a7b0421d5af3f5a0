// SPDX-License-Identifier: Apache-2.0
#include "spool/survey.h"

#include <sys/stat.h>

#include <algorithm>
#include <ctime>

#include "base/files.h"

namespace ejf::spool {

namespace {

void survey_waiting(int dir, QueueSurvey& survey) {
  for (const std::string& name : list_directory(dir)) {
    if (name.starts_with('.')) continue;
    auto info = try_stat_at(dir, name);
    if (!info) continue;
    if (const char* reason = why_odd(name, info->st_mode)) {
      survey.odd.push_back({name, reason});
    } else {
      ++survey.waiting;
    }
  }
  std::sort(survey.odd.begin(), survey.odd.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
}

void survey_claims(int out, QueueSurvey& survey) {
  const std::string host = node_name();
  const std::time_t now = std::time(nullptr);
  for (std::string& entry : list_directory(out)) {
    if (parse_instance_file_name(entry)) continue;
    auto name = ClaimName::parse(entry);
    if (!name) {
      survey.foreign.push_back(std::move(entry));
    } else if (auto info = try_stat_at(out, entry)) {
      const std::chrono::seconds age{std::max<std::time_t>(0, now - info->st_ctime)};
      survey.claims.push_back({*name, probe_instance(out, name->instance, host), age});
    }
  }
  std::sort(survey.foreign.begin(), survey.foreign.end());
  std::sort(survey.claims.begin(), survey.claims.end(),
            [](const auto& a, const auto& b) { return a.name.packet < b.name.packet; });
}

}  // namespace

QueueSurvey survey_queue(const std::string& base) {
  QueueSurvey survey;
  survey_waiting(open_directory(base + "/queue/dir").get(), survey);
  survey_claims(open_directory(base + "/queue/out").get(), survey);
  return survey;
}

}  // namespace ejf::spool
