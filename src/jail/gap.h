// SPDX-License-Identifier: Apache-2.0
// A test must be able to see that an attack gets through where a wall is left out; else it would also pass when the
// attack had come to nothing by itself. EJF_GAPS is set for one program of the tests, and for nothing that is
// installed: everywhere else there are no gaps, and the compiler removes the question.
#pragma once

namespace ejf::jail {

#ifdef EJF_GAPS
bool has_gap(const char* wall) noexcept;
#else
constexpr bool has_gap(const char* /*wall*/) noexcept {
  return false;
}
#endif

}  // namespace ejf::jail
