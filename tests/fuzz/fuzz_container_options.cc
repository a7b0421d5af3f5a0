// SPDX-License-Identifier: Apache-2.0
// Any container options: no number is out of its range, only known directories are shown, and what is ignored is one
// line each.
#include <set>

#include "base/error.h"
#include "compile/container_options.h"
#include "fuzz.h"

using namespace ejf::compile;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ContainerOptions options = parse_container_options({reinterpret_cast<const char*>(data), size});
  const std::set<std::string> known{"/etc", "/home", "/var"};
  for (const std::string& path : options.shown_paths) EJF_CHECK(known.contains(path));
  EJF_CHECK(options.shown_paths.size() <= known.size() && options.ignored.size() <= 21);
  for (const std::string& item : options.ignored) EJF_CHECK(item.find('\n') == std::string::npos);
  constexpr std::uint64_t k_most = std::uint64_t{1} << 60;
  for (const auto& bytes : {options.address_space, options.stack, options.memory, options.file_size}) {
    EJF_CHECK(!bytes || *bytes <= k_most);
  }
  for (const auto& time : {options.cpu_time, options.real_time}) EJF_CHECK(!time || time->count() >= 0);
  EJF_CHECK(!options.processes || *options.processes > 0);
  return 0;
}
