// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "config/diagnostics.h"

namespace ejf::config {

/// Language ids of requests that stand for other ones of this server: FROM -> TO.
using LangIdMap = std::map<int, int>;

constexpr int k_max_mapped_id = 100000;

/// A file of lines `FROM TO`, both from 1 to 100000, in any white space; empty lines are fine, comments there are none.
/// Errors go to `diagnostics`, also that the file cannot be read; the result holds what could be understood.
LangIdMap load_lang_id_map(const std::string& path, Diagnostics& diagnostics);
LangIdMap parse_lang_id_map(std::string_view text, const std::string& file, Diagnostics& diagnostics);

}  // namespace ejf::config
