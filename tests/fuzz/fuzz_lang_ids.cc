// SPDX-License-Identifier: Apache-2.0
// Any lang_ids.cfg: a number is given once, and one that the registry names first is that of its language.
#include <set>

#include "base/error.h"
#include "config/compile_cfg.h"
#include "config/shell_cfg.h"
#include "fuzz.h"
#include "lang/language_ids.h"

using namespace ejf;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto registry = config::ShellCfg::parse({reinterpret_cast<const char*>(data), size}, "lang_ids.cfg");
  if (!registry) return 0;
  lang::LanguageIds ids;
  ids.add_existing("gcc", 2);
  const bool is_good = ids.add_registry(registry->variables()).has_value();
  std::vector<std::string> names{"gcc", "nobody"};
  for (const auto& [name, number] : registry->variables()) names.push_back(name);
  std::set<int> given;
  for (const auto& [name, id] : ids.assign(names)) {
    EJF_CHECK(id >= 1 && id <= config::k_max_language_id && given.insert(id).second);
    EJF_CHECK(name != "gcc" || id == 2);
  }
  EJF_CHECK(!is_good || registry->variables().empty() || given.size() >= 2);
  return 0;
}
