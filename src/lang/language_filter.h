// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "config/compile_cfg.h"
#include "config/diagnostics.h"
#include "config/site.h"

namespace ejf::lang {

/// -k KEY: takes out of `cfg` the languages that have another key or none, and those that have no file with a version
/// in lang.d. A directory that is only the built-in default need not be there; then that says nothing. That no language
/// is left is an error, and so is a directory that cannot be read.
void keep_languages_with_key(config::CompileCfg& cfg, const std::string& key, const config::SitePath& lang_config_dir,
                             config::Diagnostics& diagnostics);

}  // namespace ejf::lang
