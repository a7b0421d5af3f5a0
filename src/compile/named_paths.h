// SPDX-License-Identifier: Apache-2.0
// Paths of the server's machine that a request names. Whatever is opened is opened with the server's own rights.
#pragma once

#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "jail/jail.h"

namespace ejf::compile {

/// Without links; empty when there is no such file.
std::string resolve(const std::string& path);

/// `path` without links lies below one of the roots; any path does when there are none ([paths] request_roots).
bool is_below_a_root(const std::string& path, const std::vector<std::string>& roots);

/// What no job sees, whatever else it is shown.
struct HiddenPaths {
  std::vector<std::string> closed{};  ///< spool and tests: neither these directories nor anything in them
  std::string contests_home{};        ///< things in it may be shown one by one, but not with all that it holds
  std::string compile_home{};         ///< which may lie in it, and holds what compile scripts need
};

/// Adds a file or directory of the host, if it is there, can be opened and is not hidden. Over what is hidden in a
/// directory an empty one is put. Paths with "." or ".." in them are not shown: they may lead anywhere.
void show(const std::string& path, const HiddenPaths& hidden, std::vector<jail::VisiblePath>& visible);

/// An admin's program with its directories: where its name is, and where the links behind that name lead. Alone, if its
/// directory is hidden.
void show_program(const std::string& program, const HiddenPaths& hidden, std::vector<jail::VisiblePath>& visible);

/// What the variables of a request tell a compile script to read (languages.md §1): EJUDGE_BUILD_SCRIPT,
/// EJUDGE_OPT_BUILD_SCRIPT, EJUDGE_LANG_CONFIG and EJUDGE_CLASSPATH. What cannot be shown is simply not there for the
/// script, as on the host. Throws Error when there are too many.
std::vector<jail::VisiblePath> open_named_paths(const std::vector<std::string>& environment,
                                                const std::vector<std::string>& roots, const HiddenPaths& hidden);

/// Names in a directory; none when the server may not read it.
std::vector<std::string> names_in(const std::string& directory);

/// For reading, if it is a regular file below one of the roots. None, with errno set, when it is not.
UniqueFd open_named_file(const std::string& path, const std::vector<std::string>& roots);

}  // namespace ejf::compile
