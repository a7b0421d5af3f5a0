// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/uuid.h"
#include "packet/compile_request.h"

namespace ejf::packet {

/// The name of the reply and, with a suffix, of each report file: the text of judge_uuid, else of uuid, else (or with
/// use_uuid <= 0) run_id with six digits. Always a plain file name.
std::string run_name(const CompileRequest& request);

/// 35 characters that sort by priority (-16 urgent .. 15), then by time. ejudge since 3.10.
std::string packet_name(int priority, std::int64_t seconds, std::int32_t microseconds, const Uuid& judge_uuid);

}  // namespace ejf::packet
