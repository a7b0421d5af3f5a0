// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ejf::compile {

/// Names of the source and the executable inside the box, in ejudge's form `f<16 hex digits><suffix>`.
struct JobNames {
  std::string source;
  std::string executable;
};

/// Derived from the job's contents, so that equal submissions give equal bytes and equal logs (compilers put file names
/// into both). The two differ in their digits, as ejudge's random ones do: scripts may not rely on a common base name.
JobNames make_job_names(std::string_view source_text, std::string_view language, std::string_view src_sfx,
                        std::string_view exe_sfx);

}  // namespace ejf::compile
