// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace ejf::compile {

/// Bytes that an interpreted language's script put before the source (protocol.md §7.3): the difference of the sizes
/// when it is 1..1024, neither file is empty or over 1 MiB, and the executable ends with the whole source; else 0.
std::int32_t prepended_size(std::string_view source, int executable, std::uint64_t executable_size);

}  // namespace ejf::compile
