// SPDX-License-Identifier: Apache-2.0
#include "compile/job.h"

#include <utility>

#include "base/fault_point.h"

namespace ejf::compile {

namespace asio = boost::asio;

namespace {

constexpr mode_t k_source_mode = 0644;
constexpr mode_t k_command_mode = 0555;

void override_limit(std::uint64_t& limit, std::int64_t requested) {
  if (requested > 0) limit = static_cast<std::uint64_t>(requested);
}

}  // namespace

jail::Limits Job::limits() const {
  jail::Limits limits = recipe != nullptr ? recipe->limits : workshop.limits;
  override_limit(limits.address_space, request.max_vm_size);
  override_limit(limits.stack, request.max_stack_size);
  override_limit(limits.file_size, request.max_file_size);
  override_limit(limits.memory, request.max_rss_size);
  return limits;
}

HiddenPaths Job::hidden_paths() const {
  HiddenPaths hidden = workshop.hidden;
  if (!request.header_dir.empty()) hidden.closed.push_back(request.header_dir);
  return hidden;
}

void Workplace::put_source(const std::string& name, UniqueFd content) {
  source_name_ = name;
  source_ = std::move(content);
  is_source_put_ = false;
}

jail::Box& Workplace::box() {
  if (!box_) {
    jail::Jail& jail = job_.workshop.jail.jail();
    box_.emplace(jail.make_box(job_.workshop.box));
    if (!job_.build_directory().empty()) jail.put_directory(*box_, job_.build_directory());
    if (job_.extra_sources) job_.extra_sources->put_into(jail, *box_, job_.build_directory());
    if (job_.command.executable) {
      jail.put_file(*box_, job_.in_build(job_.command.name), job_.command.executable.duplicate(), k_command_mode);
    }
    is_source_put_ = false;
  }
  return *box_;
}

std::string Workplace::directory() {
  return job_.workshop.jail.jail().directory(box());
}

asio::awaitable<jail::RunReport> Workplace::run_once(const jail::RunSpec& spec) {
  jail::RunSpec run = spec.duplicate();
  run.directory = job_.build_directory();
  set_default(run.env, "HOME", directory() + "/.home");
  set_default(run.env, "TMPDIR", directory() + "/.tmp");
  if (!is_source_put_) {
    job_.workshop.jail.jail().put_file(box(), job_.in_build(source_name_), source_.duplicate(), k_source_mode);
    is_source_put_ = true;
    EJF_FAULT_POINT("source-copied");
  }
  co_return co_await job_.workshop.jail.run(box(), std::move(run));
}

asio::awaitable<jail::RunReport> Workplace::run(const jail::RunSpec& spec) {
  jail::RunReport report = co_await run_once(spec);
  if (report.verdict == jail::Verdict::jail_failed) throw JailFault("the jail failed: " + report.reason);
  if (report.verdict == jail::Verdict::cancelled) throw Interrupted{};
  co_return report;
}

}  // namespace ejf::compile
