// SPDX-License-Identifier: Apache-2.0
#include "compile/job_names.h"

#include <fmt/format.h>

#include <cstdint>

namespace ejf::compile {

namespace {

/// FNV-1a. Not a cryptographic hash and need not be one: a collision gives two jobs the same file name, each in its
/// own box.
std::uint64_t hash(std::uint64_t state, std::string_view data) {
  constexpr std::uint64_t k_prime = 0x100000001b3;
  for (char c : data) state = (state ^ static_cast<unsigned char>(c)) * k_prime;
  return state;
}

}  // namespace

JobNames make_job_names(std::string_view source_text, std::string_view language, std::string_view src_sfx,
                        std::string_view exe_sfx) {
  constexpr std::uint64_t k_offset = 0xcbf29ce484222325;
  const std::uint64_t source = hash(hash(k_offset, language), source_text);
  std::uint64_t executable = hash(source, "executable");
  if (executable == source) executable = ~source;
  return {fmt::format("f{:016x}{}", source, src_sfx), fmt::format("f{:016x}{}", executable, exe_sfx)};
}

}  // namespace ejf::compile
