// SPDX-License-Identifier: Apache-2.0
#include "config/shell_cfg.h"

#include <fmt/format.h>

#include <algorithm>

namespace ejf::config {

namespace {

constexpr std::size_t k_max_name = 1021;
constexpr std::size_t k_max_value = 1022;

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_name_char(char c) noexcept {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+';
}

bool is_space(char c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

struct LineError {
  std::string message;
};

/// One line without its end.
class LineParser {
 public:
  explicit LineParser(std::string_view line) noexcept : rest_(line) {}

  struct Assignment {
    std::string name;  ///< empty: nothing on this line
    std::string value;
  };

  Result<Assignment, LineError> parse() {
    Assignment out;
    skip_space();
    if (at_end_of_code()) return out;
    out.name = take_name();
    if (out.name.empty()) return fail(LineError{"a name is expected"});
    if (out.name.size() > k_max_name) return fail(LineError{"the name is too long"});
    if (rest_.empty() || rest_.front() != '=') return fail(LineError{fmt::format("'{}': '=' is expected", out.name)});
    rest_.remove_prefix(1);
    auto value = take_value();
    if (!value) return fail(LineError{fmt::format("'{}': {}", out.name, value.error().message)});
    out.value = *std::move(value);
    skip_space();
    if (!at_end_of_code()) return fail(LineError{fmt::format("'{}': text after the value", out.name)});
    return out;
  }

 private:
  void skip_space() noexcept {
    while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
  }

  bool at_end_of_code() const noexcept { return rest_.empty() || rest_.front() == '#'; }

  std::string take_name() {
    if (rest_.empty() || !is_letter(rest_.front())) return {};
    const auto* end = std::find_if_not(rest_.begin(), rest_.end(), is_name_char);
    std::string name(rest_.begin(), end);
    rest_.remove_prefix(name.size());
    return name;
  }

  Result<std::string, LineError> take_value() {
    std::string value;
    while (!at_end_of_code() && !is_space(rest_.front())) {
      const char c = rest_.front();
      std::string_view piece = rest_.substr(0, 1);
      rest_.remove_prefix(1);
      if (c == '"' || c == '\'') {
        const auto end = rest_.find(c);
        if (end == std::string_view::npos) return fail(LineError{"the quote is not closed"});
        piece = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
      }
      value += piece;
      if (value.size() > k_max_value) return fail(LineError{fmt::format("the value is over {} bytes", k_max_value)});
    }
    return value;
  }

  std::string_view rest_;
};

bool has_control_character(std::string_view line) noexcept {
  return std::any_of(line.begin(), line.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 && !is_space(c); });
}

}  // namespace

Result<ShellCfg, Diagnostic> ShellCfg::parse(std::string_view text, std::string file) {
  ShellCfg cfg;
  int number = 0;
  while (!text.empty()) {
    ++number;
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);

    auto complain = [&](std::string message) {
      return fail(Diagnostic{Diagnostic::Severity::error, file, number, std::move(message)});
    };
    if (has_control_character(line)) return complain("a control character");
    auto assignment = LineParser(line).parse();
    if (!assignment) return complain(std::move(assignment.error().message));
    if (assignment->name.empty()) continue;
    auto known = std::find_if(cfg.variables_.begin(), cfg.variables_.end(),
                              [&](const auto& one) { return one.first == assignment->name; });
    if (known != cfg.variables_.end()) {
      known->second = std::move(assignment->value);
    } else {
      cfg.variables_.emplace_back(std::move(assignment->name), std::move(assignment->value));
    }
  }
  return cfg;
}

std::optional<std::string> ShellCfg::find(std::string_view name) const {
  for (const auto& [key, value] : variables_) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace ejf::config
