// SPDX-License-Identifier: Apache-2.0
// ejforge doctor: what the jail finds on this machine, and, where ej-jail runs with root's rights for a server without
// them, whether it would serve this user.
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/unique_fd.h"
#include "jail/admin_rules.h"
#include "jail/probe.h"
#include "tools/doctor.h"

namespace ejf::tools {

namespace {

std::string describe(const jail::ProbedFeature& feature) {
  std::string text = fmt::format("{}: {}", feature.name, feature.purpose);
  if (feature.found.presence != jail::Presence::there) {
    text += fmt::format("; {} ({})", presence_name(feature.found.presence), need_name(feature.need));
  }
  if (!feature.found.detail.empty()) text += ": " + feature.found.detail;
  return text;
}

DoctorFinding examine_feature(const jail::ProbedFeature& feature) {
  const jail::Finding& found = feature.found;
  const bool is_needed = feature.need == jail::Need::needed;
  if (found.presence == jail::Presence::missing) {
    return {is_needed ? Health::fail : Health::warn, describe(feature), found.mend};
  }
  // What is nice to have and cannot be looked at is no reason to do anything.
  if (found.presence == jail::Presence::unknown && is_needed) return {Health::warn, describe(feature), "see above"};
  return {Health::ok, describe(feature), ""};
}

/// How a server of this user comes to its broker.
enum class Way { started, set_user_id, socket };

Way way_to_broker(const std::string& program, const std::string& socket) {
  if (!socket.empty()) return Way::socket;
  struct stat st {};
  return ::stat(program.c_str(), &st) == 0 && (st.st_mode & S_ISUID) != 0 ? Way::set_user_id : Way::started;
}

constexpr const char* k_who_has_root[] = {"", " by ej-jail, which is set-user-ID root", " behind its socket"};

DoctorFinding examine_program(const std::string& program) {
  if (::access(program.c_str(), X_OK) == 0) return {Health::ok, program, ""};
  if (::access(program.c_str(), F_OK) != 0) return {Health::fail, program + ": is not there", "make install"};
  return {Health::fail, program + ": this user may not execute it",
          fmt::format("chmod a+x {}, or run this as the server's user", program)};
}

/// Whoever can write to it is root.
DoctorFinding examine_set_user_id(const std::string& program) {
  const std::string mend = fmt::format("chown root:GROUP {0} && chmod 4750 {0}, with the group of the server", program);
  struct stat st {};
  if (::stat(program.c_str(), &st) != 0 || st.st_uid != 0)
    return {Health::fail, program + ": is set-user-ID, but not root's", mend};
  if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return {Health::fail, program + ": is set-user-ID root, and others than root may write to it", mend};
  }
  struct statvfs place {};
  if (::statvfs(program.c_str(), &place) == 0 && (place.f_flag & ST_NOSUID) != 0) {
    return {Health::fail, program + ": is set-user-ID root on a file system that is mounted with nosuid",
            "install it on another file system"};
  }
  return {Health::ok, program + ": is set-user-ID root", ""};
}

/// Who listens for packets is found out as a stream, which is refused; else a broker would be started.
DoctorFinding examine_socket(const std::string& path) {
  constexpr const char* k_mend = "systemctl enable --now ej-jail.socket; systemctl status ej-jail.socket";
  if (try_connect(path, SOCK_STREAM)) return {Health::fail, path + ": is somebody else's: a stream", k_mend};
  const int error = errno;
  if (error == EPROTOTYPE) return {Health::ok, path + ": somebody listens there", ""};
  const char* what = error == ECONNREFUSED ? "nobody listens there" : std::strerror(error);
  return {Health::fail, fmt::format("{}: {}", path, what),
          error == EACCES ? "SocketGroup= and SocketMode= of ej-jail.socket" : k_mend};
}

DoctorFinding examine_admission() {
  const uid_t uid = ::geteuid();
  jail::AdminRules rules;
  try {
    rules = jail::load_admin_rules();
  } catch (const SysError& error) {
    if (error.code() != EACCES) throw;
    return {Health::warn, error.what(), "run this as root, who reads it when a server asks"};
  }
  const bool may_ask = uid == 0 || std::find(rules.users.begin(), rules.users.end(), uid) != rules.users.end();
  if (may_ask) return {Health::ok, fmt::format("{}: user {} may ask for a jail", jail::k_admin_file, uid), ""};
  return {
      Health::fail, fmt::format("{}: user {} may not ask for a jail", jail::k_admin_file, uid),
      fmt::format("name the server's user in its line 'users'; if that is not {}, run this as the server's user", uid)};
}

DoctorFindings examine_features() {
  DoctorFindings findings;
  for (const jail::ProbedFeature& each : jail::probe_features(::geteuid() == 0, jail::Need::nice)) {
    findings.push_back(examine_feature(each));
  }
  return findings;
}

/// What the server's line `ready` will say.
DoctorFinding foresee(const DoctorFindings& findings, Way way) {
  for (const DoctorFinding& each : findings) {
    if (each.health == Health::fail) return {Health::fail, "no server of this user can start", "see above"};
  }
  const bool root = ::geteuid() == 0 || way != Way::started;
  return {Health::ok,
          fmt::format("a server of this user has a jail of {}{}", root ? "root" : "user namespaces",
                      k_who_has_root[static_cast<std::size_t>(way)]),
          ""};
}

}  // namespace

DoctorFindings examine_jail(const std::string& socket) {
  const std::string program = server::program_path("ej-jail");
  const Way way = way_to_broker(program, socket);
  DoctorFindings findings;
  if (way == Way::socket) {
    look(findings, "", [&] { return DoctorFindings{examine_socket(socket)}; });
  } else {
    findings.push_back(examine_program(program));
  }
  if (way == Way::set_user_id) findings.push_back(examine_set_user_id(program));
  if (way != Way::started) {
    look(findings, fmt::format("edit {}; see ej-jail(1)", jail::k_admin_file),
         [] { return DoctorFindings{examine_admission()}; });
  }
  if (::geteuid() == 0 || way == Way::started) {
    look(findings, "", examine_features);
  } else {
    findings.push_back({Health::ok, "what root's jail finds here is root's to see: run this as root", ""});
  }
  findings.push_back(foresee(findings, way));
  return findings;
}

}  // namespace ejf::tools
