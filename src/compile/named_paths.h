// SPDX-License-Identifier: Apache-2.0
// Paths of the server's machine that a request names. Whatever is opened is opened with the server's own rights.
#pragma once

#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "jail/jail.h"

namespace ejf::compile {

/// `path` without links lies below one of the roots; any path does when there are none ([paths] request_roots).
bool is_below_a_root(const std::string& path, const std::vector<std::string>& roots);

/// What the variables of a request tell a compile script to read (languages.md §1): EJUDGE_BUILD_SCRIPT,
/// EJUDGE_OPT_BUILD_SCRIPT, EJUDGE_LANG_CONFIG and EJUDGE_CLASSPATH. What cannot be opened is simply not there for the
/// script, as on the host. Throws Error when there are too many.
std::vector<jail::VisiblePath> open_named_paths(const std::vector<std::string>& environment,
                                                const std::vector<std::string>& roots);

/// The directories of an admin's program: where its name is, and where the links behind that name lead.
std::vector<jail::VisiblePath> open_directories_of(const std::string& program);

/// Adds a directory if it can be opened and is not among them yet.
void show_directory(std::vector<jail::VisiblePath>& visible, const std::string& directory);

/// Names in a directory; none when the server may not read it.
std::vector<std::string> names_in(const std::string& directory);

/// Puts an empty directory over each of `hidden` that lies below the directory `shown`. By resolved names, because a
/// name with a link in it may lead there too.
void cover(const std::string& shown, const std::vector<std::string>& hidden, std::vector<jail::VisiblePath>& visible);

/// For reading, if it is a regular file below one of the roots. None, with errno set, when it is not.
UniqueFd open_named_file(const std::string& path, const std::vector<std::string>& roots);

}  // namespace ejf::compile
