// SPDX-License-Identifier: Apache-2.0
// Any map of language ids: what is understood means the same when it is written and read again.
#include <fmt/format.h>

#include "base/error.h"
#include "config/lang_id_map.h"
#include "fuzz.h"

using namespace ejf;
using namespace ejf::config;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Diagnostics diagnostics;
  const LangIdMap map = parse_lang_id_map({reinterpret_cast<const char*>(data), size}, "map", diagnostics);
  std::string written;
  for (const auto& [from, to] : map) {
    EJF_CHECK(from >= 1 && from <= k_max_mapped_id && to >= 1 && to <= k_max_mapped_id);
    written += fmt::format("{} {}\n", from, to);
  }
  Diagnostics again;
  EJF_CHECK(parse_lang_id_map(written, "map", again) == map && !again.has_errors());
  return 0;
}
