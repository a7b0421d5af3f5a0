// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace ejf::lang {

/// What would change in the file at `path`, as diff -u prints it; no old text: the file is new. Empty when nothing
/// changes. Throws Error when there is no diff(1).
std::string unified_diff(const std::string& path, const std::optional<std::string>& old_text,
                         const std::string& new_text);

}  // namespace ejf::lang
