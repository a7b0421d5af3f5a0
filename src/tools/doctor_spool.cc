// SPDX-License-Identifier: Apache-2.0
// ejforge doctor: the spool of the queue, and the servers that run.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <map>
#include <system_error>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "packet/heartbeat.h"
#include "server/process.h"
#include "spool/instance.h"
#include "spool/rejected.h"
#include "spool/survey.h"
#include "tools/doctor.h"
#include "transport/heartbeat_directory.h"

namespace ejf::tools {

namespace {

constexpr unsigned k_all_modes = 07777;

struct Directory {
  const char* name;
  unsigned mode;   ///< that it is made with
  bool is_shared;  ///< the contest server writes to it
  bool is_made_later;
};
constexpr Directory k_directories[] = {{"queue", 0775, false, false},      {"queue/in", 0777, true, false},
                                       {"queue/dir", 0777, true, false},   {"queue/out", 0777, false, false},
                                       {"src", 0777, true, false},         {"heartbeat", 0775, false, true},
                                       {"heartbeat/dir", 0777, true, true}};

/// By the mode alone; of further groups nothing is known.
bool can_write(const struct stat& info, const server::UserIds& user) {
  constexpr unsigned k_write_and_search = 3;
  unsigned shift = info.st_gid == user.gid ? 3 : 0;
  if (info.st_uid == user.uid) shift = 6;
  return user.uid == 0 || ((info.st_mode >> shift) & k_write_and_search) == k_write_and_search;
}

bool is_directory(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

DoctorFinding examine_directory(const std::string& base, const Directory& directory,
                                const std::optional<server::UserIds>& primary) {
  const std::string path = base + "/" + directory.name;
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    const std::string what = fmt::format("{}: {}", path, std::generic_category().message(errno));
    if (directory.is_made_later && errno == ENOENT) return {Health::ok, what + "; a server makes it", ""};
    return {Health::fail, what, fmt::format("mkdir -p -m {:o} {}", directory.mode, path)};
  }
  if (!S_ISDIR(info.st_mode)) {
    return {Health::fail, path + ": is not a directory",
            fmt::format("rm {0} && mkdir -m {1:o} {0}", path, directory.mode)};
  }
  const std::string what =
      fmt::format("{}: owner {}:{}, mode {:04o}", path, info.st_uid, info.st_gid, info.st_mode & k_all_modes);
  if (directory.is_shared && primary && !can_write(info, *primary)) {
    return {Health::fail, fmt::format("{}: {} cannot write to it", what, primary->name),
            fmt::format("chmod {:o} {}", directory.mode, path)};
  }
  return {Health::ok, what, ""};
}

/// <pid>_<host>_<packet> is what ejudge's server leaves there when it dies; no packet has '_' in its name.
std::string mend_foreign(const std::string& base, const std::string& name) {
  const auto last = name.rfind('_');
  const bool is_ejudges =
      !name.empty() && name[0] >= '0' && name[0] <= '9' && last != std::string::npos && last != name.find('_');
  const std::string path = base + "/queue/out/" + name;
  if (is_ejudges)
    return fmt::format("mv {} {}/queue/dir/{}, to have it compiled; or rm {}", path, base, name.substr(last + 1), path);
  return "look at it, and rm -r -- " + path;
}

void examine_claims(const spool::QueueSurvey& survey, DoctorFindings& findings) {
  const std::string host = spool::node_name();
  std::size_t alive = 0;
  std::size_t dead = 0;
  std::map<std::string, std::size_t> elsewhere;
  for (const spool::SurveyedClaim& claim : survey.claims) {
    if (claim.name.host() != host) {
      ++elsewhere[std::string{claim.name.host()}];
    } else if (claim.owner == spool::Liveness::alive) {
      ++alive;
    } else {
      ++dead;
    }
  }
  findings.push_back({Health::ok, fmt::format("{} requests wait, {} are being compiled", survey.waiting, alive), ""});
  if (dead != 0) {
    findings.push_back({Health::warn, fmt::format("{} requests were left by servers of this host that died", dead),
                        "start a server: it takes them up"});
  }
  for (const auto& [name, count] : elsewhere) {
    findings.push_back({Health::warn, fmt::format("{} requests are in the hands of servers on {}", count, name),
                        "none, if none runs there: those here take them up after an hour without a sign of life"});
  }
}

DoctorFindings examine_queue(const std::string& base) {
  const spool::QueueSurvey survey = spool::survey_queue(base);
  DoctorFindings findings;
  examine_claims(survey, findings);
  for (const spool::OddEntry& each : survey.odd) {
    const std::string path = base + "/queue/dir/" + each.name;
    findings.push_back(
        {Health::warn, fmt::format("{} is never taken: {}", path, each.reason), "look at it, and rm -r -- " + path});
  }
  for (const std::string& name : survey.foreign) {
    findings.push_back({Health::warn, fmt::format("{}/queue/out/{} is not ours and left alone", base, name),
                        mend_foreign(base, name)});
  }
  const auto rejected = spool::Rejected(base).list();
  if (rejected.empty()) return findings;
  const std::string& reason = rejected.front().rejection.reason;
  findings.push_back({Health::warn,
                      fmt::format("{} requests were set aside, the first one because: {}", rejected.size(),
                                  reason.substr(0, reason.find('\n'))),
                      "ejforge queue list, then ejforge queue retry ID or drop ID"});
  return findings;
}

DoctorFindings examine_instances(const std::string& base) {
  const UniqueFd out = open_directory(base + "/queue/out");
  const std::string host = spool::node_name();
  std::map<spool::Liveness, std::size_t> count;
  for (const std::string& name : list_directory(out.get())) {
    if (auto instance = spool::parse_instance_file_name(name))
      ++count[spool::probe_instance(out.get(), *instance, host)];
  }
  DoctorFindings findings;
  if (count[spool::Liveness::alive] != 0) {
    findings.push_back(
        {Health::ok, fmt::format("{} servers of this queue run here", count[spool::Liveness::alive]), ""});
  } else if (count[spool::Liveness::unknown] != 0) {
    findings.push_back({Health::ok, "no server of this queue runs here; elsewhere some may", ""});
  } else {
    findings.push_back({Health::warn, "no server of this queue runs", "ejudge-control start"});
  }
  return findings;
}

DoctorFinding examine_heartbeat(const std::string& path, std::string_view bytes, std::chrono::milliseconds interval) {
  const auto heartbeat = packet::try_decode_heartbeat(bytes);
  if (!heartbeat) return {Health::warn, path + " is no heartbeat", "rm " + path};
  constexpr std::int64_t k_ms = 1000;
  const std::int64_t age = std::time(nullptr) - heartbeat->timestamp_ms / k_ms;
  const std::string what = fmt::format("heartbeat of pid {} ({}): {} s ago, {} requests since its start",
                                       heartbeat->pid, path.substr(path.rfind('/') + 1), age, heartbeat->request_count);
  constexpr int k_missed = 3;
  if (age * k_ms <= k_missed * interval.count() + k_ms) return {Health::ok, what, ""};
  return {Health::warn, what + ": it has gone, or hangs",
          fmt::format("ejudge-control restart; if there is no such process: rm {}", path)};
}

DoctorFindings examine_heartbeats(const std::string& base, std::chrono::milliseconds interval) {
  DoctorFindings findings;
  const std::string path = base + "/heartbeat/dir";
  const auto directory = try_open_at(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
  if (!directory) return findings;
  auto names = list_directory(directory->get());
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    const auto parsed = transport::HeartbeatName::parse(name);
    if (!parsed || parsed->is_control) continue;
    const auto bytes = try_read_regular_at(directory->get(), name, packet::k_max_heartbeat_size);
    if (bytes) findings.push_back(examine_heartbeat(fmt::format("{}/{}", path, name), *bytes, interval));
  }
  return findings;
}

DoctorFinding examine_room(const std::string& base) {
  struct statvfs info {};
  if (::statvfs(base.c_str(), &info) != 0) throw SysError("look at the file system of", base);
  struct Least {
    std::uint64_t bytes;
    std::uint64_t files;
    Health health;
  };
  constexpr Least k_least[] = {{std::uint64_t{64} << 20, 1000, Health::fail},
                               {std::uint64_t{1} << 30, 10000, Health::warn}};
  const std::uint64_t bytes = std::uint64_t{info.f_bavail} * info.f_frsize;
  const bool counts_files = info.f_files != 0;
  const std::string what = fmt::format("room for the spool: {}{}", human_size(bytes),
                                       counts_files ? fmt::format(", {} files", info.f_favail) : "");
  for (const auto& [least_bytes, least_files, health] : k_least) {
    if (bytes < least_bytes || (counts_files && info.f_favail < least_files)) {
      return {health, what, fmt::format("make room: du -x --max-depth=3 {} | sort -n | tail", base)};
    }
  }
  return {Health::ok, what, ""};
}

}  // namespace

DoctorFindings examine_spool(const transport::SpoolPlace& place, const server::Configuration& configuration) {
  const std::string base = place.base();
  const auto primary = server::try_find_user(configuration.site.primary_user.value);
  DoctorFindings findings;
  bool is_whole = true;
  for (const Directory& each : k_directories) {
    if (place.spool_dir.empty() && each.is_made_later) continue;  // the legacy layout has no heartbeats
    findings.push_back(examine_directory(base, each, primary));
    is_whole = is_whole && (each.is_made_later || is_directory(base + "/" + each.name));
  }
  if (!is_whole) return findings;
  const std::function<DoctorFindings()> parts[] = {
      [&] { return examine_instances(base); },
      [&] { return examine_heartbeats(base, configuration.settings.heartbeat_interval); },
      [&] { return examine_queue(base); }, [&] { return DoctorFindings{examine_room(base)}; }};
  for (const auto& part : parts) look(findings, "run it as the server's user, or as root", part);
  return findings;
}

}  // namespace ejf::tools
