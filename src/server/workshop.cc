// SPDX-License-Identifier: Apache-2.0
#include "server/workshop.h"

#include <string>
#include <vector>

#include "base/build_info.h"

namespace ejf::server {

namespace {

std::string checkers_directory(const config::CompileCfg& cfg) {
  if (!cfg.ejudge_checkers_dir.empty()) return cfg.ejudge_checkers_dir;
  const std::string scripts = cfg.script_dir.empty() ? std::string{build_info::script_dir()} : cfg.script_dir;
  return scripts + "/checkers";
}

compile::HiddenPaths hidden_paths(const config::Site& site) {
  compile::HiddenPaths hidden{
      .closed = {}, .contests_home = site.contests_home_dir.value, .compile_home = site.compile_home_dir.value};
  for (const config::SitePath* path : {&site.spool_dir, &site.local_dir}) {
    if (!path->value.empty()) hidden.closed.push_back(path->value);
  }
  return hidden;
}

}  // namespace

compile::Workshop make_workshop(const Configuration& configuration, compile::AsyncJail& jail, compile::SlotPool& slots,
                                boost::asio::thread_pool& pool, bool is_jailed) {
  const auto& settings = configuration.settings;
  return {.jail = jail,
          .slots = slots,
          .pool = pool,
          .recipes = *configuration.recipes,
          .box = {.bytes = static_cast<std::uint64_t>(settings.box_size),
                  .inodes = static_cast<std::uint64_t>(settings.box_inodes)},
          .limits = base_limits(settings, configuration.slots),
          .environment = compile::base_environment(configuration.compile_user),
          .max_source_size = static_cast<std::uint64_t>(settings.max_source_size),
          .max_tests = settings.max_tests,
          .request_roots = settings.request_roots,
          .checkers_directory = checkers_directory(configuration.compile_cfg),
          .hidden = hidden_paths(configuration.site),
          .vcs_compile = program_path("ej-vcs-compile"),
          .is_jailed = is_jailed};
}

}  // namespace ejf::server
