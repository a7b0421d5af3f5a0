// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ejf::spool {

enum class RenameResult { done, source_missing, target_exists };

/// A rename that replaces nothing (RENAME_NOREPLACE; on file systems without it a look before the rename, which leaves
/// a gap of microseconds). Throws SysError for everything that RenameResult does not tell.
RenameResult rename_new(int from_dir, const std::string& from, int to_dir, const std::string& to);

}  // namespace ejf::spool
