// SPDX-License-Identifier: Apache-2.0
// Where things are on this site: one installed program serves any layout.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/diagnostics.h"
#include "config/ejudge_xml.h"
#include "config/settings.h"

namespace ejf::config {

/// What the command line said; empty: it did not.
struct SiteOptions {
  std::optional<std::string> contests_home_dir;
  std::optional<std::string> compile_home_dir;
  std::optional<std::string> spool_dir;  ///< "": the legacy layout
  std::optional<std::string> local_dir;
  std::optional<std::string> lang_config_dir;
  std::optional<std::string> script_dir;
  std::optional<std::string> conf_dir;  ///< directory of ejudge.xml
  std::optional<std::string> ejudge_xml;
  std::optional<std::string> ejudge_xml_text;  ///< the file itself, when it came by a descriptor
  std::optional<std::string> settings;
  std::optional<std::string> compile_cfg;
};

struct SitePath {
  std::string value;
  std::string origin;  ///< "option", "file:line" of ejforge.ini, the path of ejudge.xml, or "built-in"
};

/// Each path in force. Without a trailing slash.
struct Site {
  SitePath ejudge_xml;
  SitePath settings;
  SitePath contests_home_dir;
  SitePath compile_home_dir;
  SitePath spool_dir;  ///< empty: the legacy layout
  SitePath local_dir;  ///< may be empty
  SitePath lang_config_dir;
  SitePath script_dir;
  SitePath compile_cfg;
  SitePath primary_user;
  SitePath compile_user;
};

/// For each path: option, else ejforge.ini, else ejudge.xml, else what was built in. `xml` and `settings` may be null.
/// Reads nothing.
Site resolve_site(const SiteOptions& options, const EjudgeXml* xml, const Settings* settings);

/// Which ejudge.xml to read: as given by options or settings, else the first of the built-in places that exists.
SitePath find_ejudge_xml(const SiteOptions& options, const Settings* settings);

/// All of it together.
struct LoadedSite {
  std::optional<EjudgeXml> xml;  ///< empty: there is no such file, and none was asked for
  Settings settings;
  Site site;
};

/// Finds and reads ejudge.xml and the settings file (--settings, else <compile_home>/conf/ejforge.ini if that exists).
/// Throws ConfigError or SysError for an ejudge.xml that cannot be read; remarks on settings go to `diagnostics`.
LoadedSite load_site(const SiteOptions& options, Diagnostics& diagnostics);

}  // namespace ejf::config
