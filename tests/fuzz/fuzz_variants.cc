// SPDX-License-Identifier: Apache-2.0
// Any variants.cfg: nothing in a variant ends a shell's quotes, and what is taken means the same when it is read again.
#include <fmt/format.h>

#include "base/error.h"
#include "fuzz.h"
#include "lang/variants.h"

using namespace ejf;
using namespace ejf::lang;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> problems;
  for (const Variant& v : parse_variants({reinterpret_cast<const char*>(data), size}, "variants.cfg", problems)) {
    const std::string line = fmt::format("{}:{}:{}:{}:{}", v.name, v.base, v.long_name, v.tool, v.options);
    EJF_CHECK(!v.name.empty() && !v.base.empty() && line.find_first_of("'\"`$\\@\n") == std::string::npos);
    std::vector<std::string> none;
    const auto again = parse_variants(line, "again", none);
    EJF_CHECK(none.empty() && again.size() == 1 && again[0].name == v.name && again[0].base == v.base);
    EJF_CHECK(again[0].long_name == v.long_name && again[0].tool == v.tool && again[0].options == v.options);
  }
  for (const std::string& problem : problems) EJF_CHECK(problem.starts_with("variants.cfg"));
  return 0;
}
