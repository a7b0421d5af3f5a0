// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "base/error.h"
#include "config/cfg_document.h"
#include "config/compile_cfg.h"
#include "fuzz.h"

using namespace ejf;
using namespace ejf::config;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // "self" includes the input once more; every other file is missing.
  const CfgSource source = [&](const std::string& path) {
    if (path != "/d/self") throw Error("no such file");
    return std::string{text};
  };
  Diagnostics diagnostics;
  const CompileCfg cfg = parse_compile_cfg(text, "/d/main", CfgVariables{}, diagnostics, source);
  // What is exported means the same when it is read again.
  Diagnostics again;
  const std::string exported = export_compile_cfg(cfg, {});
  const CompileCfg imported = parse_compile_cfg(exported, "exported", CfgVariables{}, again);
  EJF_CHECK(diagnostics.has_errors() || again.has_errors() || export_compile_cfg(imported, {}) == exported);
  if (auto document = CfgDocument::parse(text, "main")) EJF_CHECK(document->text() == text);
  return 0;
}
