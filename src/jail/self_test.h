// SPDX-License-Identifier: Apache-2.0
// What `ej-jail --self-test` does in a jail: small programs that try to get out, or use up too much. They are this very
// program, copied into a box, so that nothing of the host is needed.
#pragma once

#include <span>
#include <string_view>

#include "jail/jail.h"

namespace ejf::jail {

struct SelfTest {
  const char* name;
  const char* promise;
  /// In the jail. Returns 0 when the promise holds, as far as it can tell; else it has printed what is wrong.
  int (*inside)();
  void (*set_limits)(BoxSpec&, Limits&);
  Verdict wanted;  ///< exited: with 0
};

std::span<const SelfTest> self_tests();

/// The first argument of a program that is to be the inside of a test, whose name comes next.
inline constexpr std::string_view k_self_test_inside = "--self-test-inside";
/// Returns the exit code.
int be_inside(std::string_view name);

}  // namespace ejf::jail
