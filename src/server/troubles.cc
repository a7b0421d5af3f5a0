// SPDX-License-Identifier: Apache-2.0
#include "server/troubles.h"

#include <chrono>

#include "base/log.h"

namespace ejf::server {

namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;

constexpr std::chrono::minutes k_reminder{10};
constexpr seconds k_quiet{5};
constexpr std::size_t k_most_causes = 10;

/// What stands last: what is before it names another file each time.
std::string cause_of(const std::exception& error) {
  const std::string text = error.what();
  const auto colon = text.rfind(": ");
  return colon == std::string::npos ? text : text.substr(colon + 2);
}

}  // namespace

void Troubles::note(const std::string& what, const std::exception& error, const std::string& whose) {
  const auto now = Monotonic::now();
  Trouble& trouble = known_[what];
  if (trouble.count == 0) trouble.begin = now;
  trouble.quiet_since = {};
  ++trouble.count;
  std::string cause = cause_of(error);
  if (trouble.said.size() >= k_most_causes && !trouble.said.contains(cause)) cause = "yet another";
  const auto [said, is_new] = trouble.said.try_emplace(cause, now);
  if (!is_new && now - said->second < k_reminder) return;
  said->second = now;
  const std::string name = whose.empty() ? whose : " (" + whose + ")";
  log::error("{}{}: {}; trying again", what, name, error.what());
}

void Troubles::over(const std::string& what) {
  const auto found = known_.find(what);
  if (found == known_.end() || found->second.quiet_since != Monotonic::time_point{}) return;
  found->second.quiet_since = Monotonic::now();
}

void Troubles::tell_what_is_over() {
  const auto now = Monotonic::now();
  for (auto each = known_.begin(); each != known_.end();) {
    const auto& [what, trouble] = *each;
    if (trouble.quiet_since == Monotonic::time_point{} || now - trouble.quiet_since < k_quiet) {
      ++each;
      continue;
    }
    log::info("{}: over, after {} s and {} attempts", what,
              duration_cast<seconds>(trouble.quiet_since - trouble.begin).count(), trouble.count);
    each = known_.erase(each);
  }
}

}  // namespace ejf::server
