// SPDX-License-Identifier: Apache-2.0
// Which number a language has: contests refer to languages by number, so a number once given is never changed.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace ejf::lang {

/// Numbers from here on are for languages that no registry names.
constexpr int k_first_free_language_id = 90;

class LanguageIds {
 public:
  /// A language of the present compile.cfg. Of two with one name or one number the first counts.
  void add_existing(const std::string& language, int id);
  /// A registry (lang_ids.cfg): names and numbers as read. A name that an earlier source has keeps its number. Stops at
  /// the first number that is not one from 1 to 999999 and says which.
  Result<void, std::string> add_registry(const std::vector<std::pair<std::string, std::string>>& entries);

  bool is_empty() const noexcept { return existing_.empty() && registry_.empty(); }

  /// Numbers for all of these languages: the one in compile.cfg; else that of a registry if it is free; else, when all
  /// others have theirs, the first from 90 that is free and in no registry. Only languages that are named here or stand
  /// in compile.cfg take a number, so that a language which is not installed never keeps one from another that is. A
  /// language is missing from the result when no number is left.
  std::map<std::string, int> assign(const std::vector<std::string>& languages) const;

 private:
  std::optional<int> first_free(const std::set<int>& used) const;

  std::map<std::string, int> existing_;
  std::set<int> existing_ids_;
  std::map<std::string, int> registry_;
};

}  // namespace ejf::lang
