// SPDX-License-Identifier: Apache-2.0
#include "lang/language_ids.h"

#include <fmt/format.h>

#include "base/text.h"
#include "config/compile_cfg.h"

namespace ejf::lang {

void LanguageIds::add_existing(const std::string& language, int id) {
  if (existing_ids_.insert(id).second) existing_.emplace(language, id);
}

Result<void, std::string> LanguageIds::add_registry(const std::vector<std::pair<std::string, std::string>>& entries) {
  for (const auto& [language, text] : entries) {
    auto id = parse_decimal(text);
    if (!id || *id < 1 || *id > config::k_max_language_id) {
      return fail(fmt::format("invalid language id '{}' of {}", text, language));
    }
    registry_.emplace(language, static_cast<int>(*id));
  }
  return {};
}

std::map<std::string, int> LanguageIds::assign(const std::vector<std::string>& languages) const {
  std::map<std::string, int> assigned;
  std::set<int> used = existing_ids_;
  for (const auto& language : languages) {
    if (auto old = existing_.find(language); old != existing_.end()) assigned.insert(*old);
  }
  for (const auto& language : languages) {
    auto entry = registry_.find(language);
    if (entry == registry_.end() || assigned.contains(language) || !used.insert(entry->second).second) continue;
    assigned.insert(*entry);
  }
  for (const auto& language : languages) {
    if (assigned.contains(language)) continue;
    auto id = first_free(used);
    if (!id) break;
    used.insert(*id);
    assigned.emplace(language, *id);
  }
  return assigned;
}

std::optional<int> LanguageIds::first_free(const std::set<int>& used) const {
  std::set<int> taken = used;
  for (const auto& [language, id] : registry_) taken.insert(id);
  int id = k_first_free_language_id;
  while (taken.contains(id)) ++id;
  if (id > config::k_max_language_id) return {};
  return id;
}

}  // namespace ejf::lang
