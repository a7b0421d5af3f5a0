// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>

#include "base/unique_fd.h"
#include "jail/wire.h"
#include "jail/zygote.h"

namespace ejf::jail {

/// A run as the broker passes it on.
struct JobOrder {
  uid_t uid = 0;
  std::string directory;  ///< absolute, as the job sees it
  UniqueFd box;           ///< a mount of the box, with Mode::full
  UniqueFd output;        ///< none: /dev/null
  RunSpec spec;
};

template <typename Io, Is<JobOrder> S>
void fields(Io& io, S& v) {
  io(v.uid, v.directory, v.box, v.output, v.spec);
}

/// The life of an init, which is a fork of a zygote: makes the room and a target, says so, and reports the end of the
/// one order that the target takes and carries out. Both end without an order when the other end of `channel` is
/// closed.
[[noreturn]] void live_as_init(const ZygoteSpec& spec, int channel) noexcept;

}  // namespace ejf::jail
