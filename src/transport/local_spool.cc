// SPDX-License-Identifier: Apache-2.0
#include "transport/local_spool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "packet/names.h"
#include "spool/safe_directory.h"

namespace ejf::transport {

namespace {

constexpr mode_t k_report_mode = 0644;
constexpr mode_t k_executable_mode = 0755;
constexpr std::int32_t k_first_flat_version = 14;  // ejudge 3.10.3: one report directory for all contests

/// An earlier attempt to deliver may have read it already.
void put_file(spool::ReplySide& side, const std::string& name, int file, mode_t mode) {
  if (::lseek(file, 0, SEEK_SET) < 0) throw SysError("seek", name);
  side.put_report(name, file, mode);
}

}  // namespace

std::string SpoolPlace::base() const {
  return spool_dir.empty() ? legacy_compile_dir : fmt::format("{}/{}", spool_dir, queue_id);
}

LocalSpool::LocalSpool(SpoolPlace place) : place_(std::move(place)) {
  if (!place_.spool_dir.empty() && !is_plain_name(place_.queue_id)) {
    throw Error(fmt::format("the queue id '{}' is not a plain name", escape_c(place_.queue_id)));
  }
  open_queue();
}

void LocalSpool::open_queue() {
  if (place_.spool_dir.empty()) make_directories(place_.legacy_compile_dir, 0775);
  queue_ = std::make_unique<spool::RequestQueue>(place_.base());
}

bool LocalSpool::follow() {
  if (queue_->is_current()) return false;
  open_queue();
  return true;
}

std::string LocalSpool::watched_directory() const {
  return queue_->dir_path();
}

std::string LocalSpool::queue_directory() const {
  return place_.base() + "/queue";
}

void LocalSpool::make_all_directories() const {
  if (place_.spool_dir.empty()) return;
  spool::make_safe_directory(heartbeat_directory());
  spool::make_safe_directory(place_.base() + "/config");
}

std::string LocalSpool::heartbeat_directory() const {
  return place_.spool_dir.empty() ? std::string{} : place_.base() + "/heartbeat";
}

void LocalSpool::export_configuration(const std::string& text) {
  if (place_.spool_dir.empty()) return;
  exported_ = text;
  spool::SafeDirectory(place_.base() + "/config").write("compile.cfg", text);
}

void LocalSpool::restore_export() {
  if (exported_.empty() || try_stat_at(AT_FDCWD, place_.base() + "/config/dir/compile.cfg")) return;
  spool::SafeDirectory(place_.base() + "/config").write("compile.cfg", exported_);
}

std::string LocalSpool::why_undeliverable(const packet::CompileRequest& request) {
  // Each of these becomes part of a path, and each comes from outside.
  if (!request.contest_server_id.empty() && !is_plain_name(request.contest_server_id)) {
    return fmt::format("contest_server_id \"{}\" is not a plain name", escape_c(request.contest_server_id));
  }
  if (!is_plain_suffix(request.src_sfx)) {
    return fmt::format("src_sfx \"{}\" is not a plain suffix", escape_c(request.src_sfx));
  }
  return {};
}

std::string LocalSpool::find_source_suffix(const std::string& packet_name) const {
  UniqueFd src = open_directory(place_.base() + "/src");
  for (const std::string& name : list_directory(src.get())) {
    if (!name.starts_with(packet_name)) continue;
    std::string suffix = name.substr(packet_name.size());
    if (suffix.starts_with('.') && is_plain_suffix(suffix)) return suffix;
  }
  return {};
}

std::string LocalSpool::reply_base(const packet::CompileRequest& request) const {
  const std::string contest = fmt::format("{:06}", request.contest_id);
  if (place_.spool_dir.empty()) return fmt::format("{}/{}", place_.legacy_compile_dir, contest);
  const std::string& server = request.contest_server_id.empty() ? place_.queue_id : request.contest_server_id;
  std::string base = fmt::format("{}/{}", place_.spool_dir, server);
  if (request.version >= k_first_flat_version) return base;
  make_directory(base, 0777);
  return fmt::format("{}/{}", base, contest);
}

std::shared_ptr<spool::ReplySide> LocalSpool::reply_side(const packet::CompileRequest& request) {
  constexpr std::size_t k_most_kept = 64;  // each keeps three descriptors; ids come from outside
  const std::string base = reply_base(request);
  auto known = reply_sides_.find(base);
  if (known != reply_sides_.end()) return known->second;
  make_directory(base, 0777);
  auto side = std::make_shared<spool::ReplySide>(base);
  if (reply_sides_.size() >= k_most_kept) reply_sides_.clear();
  return reply_sides_.emplace(base, std::move(side)).first->second;
}

void LocalSpool::put_reports(spool::ReplySide& side, const packet::CompileRequest& request, const Delivery& delivery) {
  const std::string run_name = packet::run_name(request);
  side.put_report(run_name + ".txt", delivery.log, k_report_mode);
  if (delivery.properties >= 0) {
    put_file(side, run_name + ".json", delivery.properties, k_report_mode);
  } else {
    side.remove_report(run_name + ".json");  // of an earlier judgement
  }
  if (delivery.executable >= 0) {
    put_file(side, run_name + delivery.exe_sfx, delivery.executable, k_executable_mode);
  } else if (delivery.log_as_executable) {
    side.put_report(run_name + delivery.exe_sfx, delivery.log, k_report_mode);
  }
}

void LocalSpool::publish(spool::Claim& claim, const packet::CompileRequest& request, const Delivery& delivery) {
  auto side = reply_side(request);
  if (!claim.is_delivering()) {
    side->stage_reply(claim.packet_name(), delivery.reply);
    const bool is_ours = claim.was_removed() || claim.begin_delivery() || claim.was_removed();
    if (!is_ours) {
      side->discard_staged(claim.packet_name());
      throw Error("another server took this request over; its answer counts");
    }
  }
  // Nothing to publish means that an earlier attempt did: the reply must not appear a second time.
  side->publish_reply(claim.packet_name(), packet::run_name(request));
}

void LocalSpool::finish_delivery(const spool::Claim& claim, const packet::CompileRequest& request) {
  reply_side(request)->publish_reply(claim.packet_name(), packet::run_name(request));
}

}  // namespace ejf::transport
