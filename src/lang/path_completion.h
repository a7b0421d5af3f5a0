// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ejf::lang {

/// An absolute path with as much added as is certain from what there is: the only file that begins so, or what all of
/// them have in common; a directory gets its slash. Hidden files only after a dot. Else the same path.
std::string complete_path(const std::string& path);

}  // namespace ejf::lang
