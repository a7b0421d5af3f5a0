// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "base/error.h"
#include "config/ejudge_xml.h"
#include "fuzz.h"

using namespace ejf;
using namespace ejf::config;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const EjudgeXml xml = parse_ejudge_xml(text, "ejudge.xml");
    EJF_CHECK(xml.compile_parallelism({"localhost"}) >= 0);
  } catch (const ConfigError&) {  // what bad input is answered with
  }
  return 0;
}
