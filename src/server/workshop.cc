// SPDX-License-Identifier: Apache-2.0
#include "server/workshop.h"

namespace ejf::server {

compile::Workshop make_workshop(const Configuration& configuration, compile::AsyncJail& jail, compile::SlotPool& slots,
                                bool is_jailed) {
  const auto& settings = configuration.settings;
  return {.jail = jail,
          .slots = slots,
          .recipes = *configuration.recipes,
          .box = {.bytes = static_cast<std::uint64_t>(settings.box_size),
                  .inodes = static_cast<std::uint64_t>(settings.box_inodes)},
          .environment = compile::base_environment(configuration.compile_user),
          .max_source_size = static_cast<std::uint64_t>(settings.max_source_size),
          .request_roots = settings.request_roots,
          .is_jailed = is_jailed};
}

}  // namespace ejf::server
