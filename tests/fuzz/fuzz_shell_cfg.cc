// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "base/error.h"
#include "config/shell_cfg.h"
#include "fuzz.h"

using namespace ejf;
using namespace ejf::config;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (auto cfg = ShellCfg::parse(text, "lang.cfg")) {
    for (const auto& [name, value] : cfg->variables()) EJF_CHECK(cfg->find(name) == value);
  }
  return 0;
}
