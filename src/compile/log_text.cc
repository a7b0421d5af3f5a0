// SPDX-License-Identifier: Apache-2.0
#include "compile/log_text.h"

#include <fmt/format.h>

#include <cstring>

#include "base/text.h"

namespace ejf::compile {

std::string log_text(const jail::Log& log) {
  if (log.omitted == 0) return log.head + log.tail;
  return fmt::format("{}\n[... {} bytes of the compiler's output are left out here ...]\n{}", log.head, log.omitted,
                     log.tail);
}

std::string explain(const jail::RunReport& report, const jail::Limits& limits) {
  switch (report.verdict) {
    case jail::Verdict::log_limit:
      return fmt::format("The compiler was stopped: it printed more than {}.\n", human_size(limits.log_drained));
    case jail::Verdict::memory_limit:
      return fmt::format("The compiler was stopped: it needed more than {} of memory.\n", human_size(limits.memory));
    case jail::Verdict::cpu_limit:
      return fmt::format("The compiler was stopped: it used more than {} s of processor time.\n",
                         std::chrono::duration_cast<std::chrono::seconds>(limits.cpu_time).count());
    case jail::Verdict::signaled:
      return fmt::format("The compiler was terminated by signal {} ({}).\n", report.signal, ::strsignal(report.signal));
    case jail::Verdict::jail_failed:
    case jail::Verdict::start_failed:
    case jail::Verdict::cancelled:
    case jail::Verdict::real_time_limit:
    case jail::Verdict::exited:
      return {};
  }
  return {};
}

}  // namespace ejf::compile
