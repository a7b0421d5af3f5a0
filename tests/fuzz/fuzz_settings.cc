// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "base/error.h"
#include "config/settings.h"
#include "fuzz.h"

using namespace ejf;
using namespace ejf::config;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Diagnostics diagnostics;
  const std::string printed = print_settings(parse_settings(text, "ejforge.ini", diagnostics));
  for (const SettingKey& key : settings_keys()) EJF_CHECK(printed.find(key.key) != std::string::npos);
  return 0;
}
