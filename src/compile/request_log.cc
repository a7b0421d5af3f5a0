// SPDX-License-Identifier: Apache-2.0
#include "compile/request_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include "base/text.h"

namespace ejf::compile {

namespace {

bool is_control(unsigned char c) noexcept {
  const bool is_white_space = c >= '\t' && c <= '\r';
  return (c < 0x20 && !is_white_space) || c == 0x7f;
}

bool continues(std::string_view text, std::size_t at) noexcept {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

/// Bytes of the UTF-8 character at `at`; 0 when there is none. Overlong forms, surrogates and what lies behind U+10FFFF
/// show in the second byte already.
std::size_t character_length(std::string_view text, std::size_t at) noexcept {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return 1;
  if (!continues(text, at + 1)) return 0;
  const auto second = static_cast<unsigned char>(text[at + 1]);
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool is_overlong = first == 0xE0 && second < 0xA0;
    const bool is_surrogate = first == 0xED && second >= 0xA0;
    return !is_overlong && !is_surrogate && continues(text, at + 2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool is_overlong = first == 0xF0 && second < 0x90;
    const bool is_too_large = first == 0xF4 && second >= 0x90;
    return !is_overlong && !is_too_large && continues(text, at + 2) && continues(text, at + 3) ? 4 : 0;
  }
  return 0;
}

void make_readable(std::string& text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = character_length(text, i);
    if (length == 0 || (length == 1 && is_control(static_cast<unsigned char>(text[i])))) text[i] = '?';
    i += std::max<std::size_t>(length, 1);
  }
}

}  // namespace

void RequestLog::add(std::string_view text) {
  if (head_is_closed_) return add_tail(text);
  // Only what does not fit makes a cut, so that up to `limit_` nothing is lost; the tail's half is taken back then.
  if (parts_.head.size() + text.size() <= limit_) {
    parts_.head += text;
    return;
  }
  parts_.head += text;
  close_head();
}

void RequestLog::close_head() {
  if (head_is_closed_) return;
  head_is_closed_ = true;
  const std::size_t most = std::min(limit_ / 2, parts_.head.size());
  const std::string rest = parts_.head.substr(most);
  parts_.head.resize(most);
  add_tail(rest);
}

void RequestLog::add_tail(std::string_view text) {
  parts_.tail += text;
  // Not for every line: each time the whole tail moves.
  if (parts_.tail.size() > 2 * most_in_tail()) cut_tail(parts_);
}

void RequestLog::cut_tail(jail::Log& parts) const {
  if (parts.tail.size() <= most_in_tail()) return;
  const std::size_t surplus = parts.tail.size() - most_in_tail();
  parts.tail.erase(0, surplus);
  parts.omitted += surplus;
}

void RequestLog::add(const RequestLog& other) {
  jail::Log parts = other.parts_;
  other.cut_tail(parts);
  add(parts);
}

void RequestLog::add(const jail::Log& output) {
  add(std::string_view{output.head});
  if (output.omitted == 0) return add(std::string_view{output.tail});
  // There can be one cut only: what lies between it and this one goes too.
  close_head();
  parts_.omitted += parts_.tail.size() + output.omitted;
  parts_.tail.clear();
  add_tail(output.tail);
}

bool RequestLog::is_at_line_start() const noexcept {
  const std::string& last = parts_.tail.empty() ? parts_.head : parts_.tail;
  return last.empty() || last.back() == '\n';
}

void RequestLog::end_line() {
  if (!is_at_line_start()) add("\n");
}

void RequestLog::add_line(std::string_view text) {
  if (text.empty()) return;
  end_line();
  add(text);
}

std::string RequestLog::text() const {
  jail::Log parts = parts_;
  cut_tail(parts);
  std::string text = std::move(parts.head);
  if (parts.omitted != 0) {
    text += fmt::format("\n[... {} bytes of the compiler's output are left out here ...]\n", parts.omitted);
  }
  text += parts.tail;
  make_readable(text);
  return text;
}

std::string explain(std::string_view subject, const jail::RunReport& report, const jail::Limits& limits) {
  switch (report.verdict) {
    case jail::Verdict::log_limit:
      return fmt::format("{} was stopped: it printed more than {}.\n", subject, human_size(limits.log_drained));
    case jail::Verdict::memory_limit:
      return fmt::format("{} was stopped: it needed more than {} of memory.\n", subject, human_size(limits.memory));
    case jail::Verdict::cpu_limit:
      return fmt::format("{} was stopped: it used more than {} s of processor time.\n", subject,
                         std::chrono::duration<double>(limits.cpu_time).count());
    case jail::Verdict::idle_limit:
      return fmt::format("{} was stopped: it did nothing for {} s.\n", subject,
                         std::chrono::duration<double>(limits.idle_time).count());
    case jail::Verdict::signaled:
      return fmt::format("{} was terminated by signal {} ({}).\n", subject, report.signal, ::strsignal(report.signal));
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
