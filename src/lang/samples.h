// SPDX-License-Identifier: Apache-2.0
// The small programs by which a language is tried: DIRECTORY/L/correct<suffix>, and wrong<suffix> beside it.
#pragma once

#include <string>
#include <vector>

namespace ejf::lang {

/// The correct program of a language; empty when there is none. The first directory that has one counts. A language
/// without a directory of its own may share that of another: DIRECTORY/aliases.cfg says L=OTHER.
std::string find_sample(const std::vector<std::string>& directories, const std::string& language,
                        const std::string& suffix);

}  // namespace ejf::lang
