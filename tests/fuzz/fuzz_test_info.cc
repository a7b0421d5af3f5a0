// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "config/test_info.h"
#include "fuzz.h"

using namespace ejf;
using namespace ejf::config;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto info = parse_test_info(text, [](std::string_view name) { return escape_c(name); });
  if (!info) {
    EJF_CHECK(info.error().line > 0 && info.error().message.find('\n') == std::string::npos);
    return 0;
  }
  EJF_CHECK(info->source_stub.empty() || is_plain_name(info->source_stub));
  for (const std::string& word : info->compiler_env) EJF_CHECK(word.find('\0') == std::string::npos);
  return 0;
}
