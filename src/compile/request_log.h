// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "jail/jail.h"

namespace ejf::compile {

/// The text of a request's report: what its programs print and what we say, in the order in which it is added. When it
/// grows over `limit` bytes its head and its tail are kept, and the cut between them is marked with its size.
class RequestLog {
 public:
  explicit RequestLog(std::size_t limit) : limit_(limit) {}

  void add(std::string_view text);
  void add(const jail::Log& output);
  /// On a line of its own, whatever came before it.
  void add_line(std::string_view text);
  /// What comes next begins a line.
  void end_line();
  void add(const RequestLog& other);

  /// As ej-contests can show it: valid UTF-8 without control characters other than white space, each byte that is
  /// neither replaced by a question mark.
  std::string text() const;

 private:
  void add_tail(std::string_view text);
  void close_head();
  std::size_t most_in_tail() const noexcept { return limit_ - limit_ / 2; }
  void cut_tail(jail::Log& parts) const;
  bool is_at_line_start() const noexcept;

  std::size_t limit_;
  jail::Log parts_;
  bool head_is_closed_ = false;  ///< there is a cut behind the head: all that comes belongs to the tail
};

/// Why a run ended otherwise than by its own exit, in one plain sentence with a newline that begins with `subject`
/// ("The compiler"); empty when ejudge's own message says enough (real time) or when there is nothing to say.
std::string explain(std::string_view subject, const jail::RunReport& report, const jail::Limits& limits);

}  // namespace ejf::compile
