// SPDX-License-Identifier: Apache-2.0
// What `configure` baked in. Each of these can be overridden at run time; see config/site.h.
#pragma once

#include <string_view>

namespace ejf::build_info {

std::string_view version();         ///< 0.1.0
std::string_view prefix_dir();      ///< --prefix
std::string_view libexec_dir();     ///< --libexecdir
std::string_view script_dir();      ///< LIBEXEC/ejudge
std::string_view server_bin_dir();  ///< where ej-compile and ej-jail are installed
std::string_view lang_dir();        ///< LIBEXEC/ejudge/lang: `in/` and lang_ids.cfg
std::string_view contests_home_dir();
std::string_view compile_spool_dir();  ///< empty: the legacy layout
std::string_view lang_config_dir();
std::string_view local_dir();  ///< may be empty
std::string_view conf_dir();
std::string_view primary_user();
std::string_view exec_user();
std::string_view compile_user();

}  // namespace ejf::build_info
