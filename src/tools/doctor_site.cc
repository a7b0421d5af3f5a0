// SPDX-License-Identifier: Apache-2.0
// ejforge doctor: files of configuration, and users.
#include <fmt/format.h>

#include "server/process.h"
#include "tools/doctor.h"

namespace ejf::tools {

namespace {

/// Remarks on languages that are off stand in the section about them.
bool is_about_a_language(const config::Diagnostic& diagnostic) {
  return diagnostic.message.starts_with("language '") && diagnostic.message.find("' is off: ") != std::string::npos;
}

/// One that only the built-in default names may be that of another site.
DoctorFinding examine_user(const char* role, const config::SitePath& user) {
  const auto ids = server::try_find_user(user.value);
  const std::string what = fmt::format("{} {} ({})", role, user.value, user.origin);
  if (ids) return {Health::ok, fmt::format("{}: {}:{}", what, ids->uid, ids->gid), ""};
  return {user.origin == "built-in" ? Health::warn : Health::fail, what + ": there is no such user",
          fmt::format("useradd --system --shell /usr/sbin/nologin {}", user.value)};
}

}  // namespace

DoctorFindings examine_configuration(const server::Configuration& configuration,
                                     const config::Diagnostics& diagnostics) {
  DoctorFindings findings;
  const config::Site& site = configuration.site;
  const std::pair<const char*, const config::SitePath*> files[] = {
      {"ejudge.xml", &site.ejudge_xml}, {"settings", &site.settings}, {"compile.cfg", &site.compile_cfg}};
  for (const auto& [name, path] : files) {
    const bool is_read = !path->value.empty() && !path->origin.empty();
    findings.push_back(
        {Health::ok,
         is_read ? fmt::format("{}: {} ({})", name, path->value, path->origin) : fmt::format("{}: none", name), ""});
  }
  for (const config::Diagnostic& each : diagnostics.all()) {
    if (!is_about_a_language(each)) findings.push_back({Health::warn, each.text(), "edit " + each.file});
  }
  findings.push_back(examine_user("primary user", site.primary_user));
  findings.push_back(examine_user("compile user", site.compile_user));
  return findings;
}

}  // namespace ejf::tools
