// SPDX-License-Identifier: Apache-2.0
// What the keys of compile.cfg mean; a detail of compile_cfg.cc.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/compile_cfg.h"

namespace ejf::config {

enum class CfgType {
  integer,       ///< a number with an optional K, M or G
  flag,          ///< a number; the bare key is 1
  size,          ///< 64 bits, K, M, G or T
  short_string,  ///< at most 31 bytes
  string,
  list,  ///< each occurrence appends
};

template <typename Owner>
struct CfgKey {
  using Member =
      std::variant<int Owner::*, std::int64_t Owner::*, std::string Owner::*, std::vector<std::string> Owner::*>;
  std::string_view name;
  CfgType type;
  Member member;
  std::string_view default_text;
  std::string_view doc;
};

std::span<const CfgKey<CompileCfg>> global_keys();
/// In the order in which ejudge writes them.
std::span<const CfgKey<Language>> language_keys();
/// Keys of contests that look like misspelt ones of ours and are none.
std::span<const std::string_view> contest_global_keys();

}  // namespace ejf::config
