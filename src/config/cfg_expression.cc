// SPDX-License-Identifier: Apache-2.0
#include "config/cfg_expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <variant>

#include "base/text.h"

namespace ejf::config {

namespace {

using Value = std::variant<std::int64_t, std::string>;
using Evaluated = Result<Value, CfgSyntaxError>;

constexpr int k_max_depth = 64;

auto complain(std::string message) {
  return fail(CfgSyntaxError{std::move(message)});
}

bool is_word_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool holds(std::string_view op, std::strong_ordering order) {
  if (op == "==") return std::is_eq(order);
  if (op == "!=") return std::is_neq(order);
  if (op == "<") return std::is_lt(order);
  if (op == "<=") return std::is_lteq(order);
  if (op == ">") return std::is_gt(order);
  return std::is_gteq(order);
}

Evaluated apply(std::string_view op, const Value& left, const Value& right) {
  if (op == "||" || op == "&&") {
    const auto* a = std::get_if<std::int64_t>(&left);
    const auto* b = std::get_if<std::int64_t>(&right);
    if (a == nullptr || b == nullptr) return complain(fmt::format("'{}' takes no string", op));
    return std::int64_t{op == "||" ? (*a != 0 || *b != 0) : (*a != 0 && *b != 0)};
  }
  if (left.index() != right.index()) return complain(fmt::format("'{}' compares a string with a number", op));
  return std::int64_t{holds(op, left <=> right)};
}

/// Recursive descent; both sides of an operator are always evaluated, so that a type error shows on every host.
class Parser {
 public:
  Parser(std::string_view text, const CfgVariables& variables) : rest_(text), variables_(variables) {}

  Evaluated parse() {
    Evaluated value = parse_level(0);
    if (!value) return value;
    skip_blanks();
    if (!rest_.empty()) return complain(fmt::format("'{}' is not expected here", rest_));
    return value;
  }

 private:
  static std::span<const std::string_view> operators(std::size_t level) {
    static constexpr std::array<std::string_view, 1> k_or{"||"};
    static constexpr std::array<std::string_view, 1> k_and{"&&"};
    static constexpr std::array<std::string_view, 2> k_equal{"==", "!="};
    static constexpr std::array<std::string_view, 4> k_order{"<=", ">=", "<", ">"};
    switch (level) {
      case 0:
        return k_or;
      case 1:
        return k_and;
      case 2:
        return k_equal;
      default:
        return k_order;
    }
  }

  void skip_blanks() noexcept {
    while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
  }

  std::string_view take_operator(std::size_t level) {
    skip_blanks();
    for (std::string_view op : operators(level)) {
      if (!rest_.starts_with(op)) continue;
      rest_.remove_prefix(op.size());
      return op;
    }
    return {};
  }

  Evaluated parse_level(std::size_t level) {
    if (level == 4) return parse_primary();
    Evaluated left = parse_level(level + 1);
    while (left) {
      const std::string_view op = take_operator(level);
      if (op.empty()) break;
      Evaluated right = parse_level(level + 1);
      if (!right) return right;
      left = apply(op, *left, *right);
    }
    return left;
  }

  Evaluated parse_primary() {
    skip_blanks();
    if (rest_.empty()) return complain("a value is expected at the end of the condition");
    if (rest_.front() == '(') return parse_parentheses();
    if (rest_.front() == '"') return parse_string();
    const auto* end = std::find_if_not(rest_.begin(), rest_.end(), is_word_char);
    const std::string_view word = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    if (word.empty()) return complain(fmt::format("a value is expected before '{}'", rest_));
    rest_.remove_prefix(word.size());
    if (word.front() >= '0' && word.front() <= '9') {
      const auto number = parse_decimal(word);
      if (!number) return complain(fmt::format("'{}' is not a number", word));
      return *number;
    }
    return variable(word);
  }

  Evaluated parse_parentheses() {
    if (++depth_ > k_max_depth) return complain("parentheses are nested too deep");
    rest_.remove_prefix(1);
    Evaluated value = parse_level(0);
    if (!value) return value;
    skip_blanks();
    if (!rest_.starts_with(')')) return complain("')' is expected");
    rest_.remove_prefix(1);
    --depth_;
    return value;
  }

  Evaluated parse_string() {
    const auto end = rest_.find('"', 1);
    if (end == std::string_view::npos) return complain("the quote is not closed");
    std::string text{rest_.substr(1, end - 1)};
    rest_.remove_prefix(end + 1);
    return text;
  }

  Evaluated variable(std::string_view name) const {
    if (name == "host") return variables_.host;
    constexpr std::array<std::pair<std::string_view, int CfgVariables::*>, 6> k_numbers{{
        {"mode", &CfgVariables::mode},
        {"major", &CfgVariables::major},
        {"minor", &CfgVariables::minor},
        {"patch", &CfgVariables::patch},
        {"build", &CfgVariables::build},
        {"managed", &CfgVariables::managed},
    }};
    for (const auto& [key, member] : k_numbers) {
      if (name == key) return std::int64_t{variables_.*member};
    }
    return complain(fmt::format("unknown variable '{}'", name));
  }

  std::string_view rest_;
  const CfgVariables& variables_;
  int depth_ = 0;
};

}  // namespace

Result<bool, CfgSyntaxError> evaluate_cfg_condition(std::string_view text, const CfgVariables& variables) {
  Evaluated value = Parser(text, variables).parse();
  if (!value) return fail(std::move(value.error()));
  const auto* number = std::get_if<std::int64_t>(&*value);
  if (number == nullptr) return complain("a string is no condition");
  return *number != 0;
}

}  // namespace ejf::config
