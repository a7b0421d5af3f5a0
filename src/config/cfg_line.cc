// SPDX-License-Identifier: Apache-2.0
#include "config/cfg_line.h"

#include <fmt/format.h>

#include "base/text.h"
#include "config/escapes.h"

namespace ejf::config {

namespace {

bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20;
}

bool is_name_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_value_comment(char c) noexcept {
  return c == '#' || c == ';';
}

class LineParser {
 public:
  explicit LineParser(std::string_view line) noexcept : line_(line) {}

  Result<CfgLine, CfgSyntaxError> parse() {
    skip_blanks();
    if (at_end()) return CfgLine{};
    switch (peek()) {
      case '#':
      case '%':
      case ';':
        out_.kind = CfgLine::Kind::comment;
        return std::move(out_);
      case '@':
        return parse_directive();
      case '[':
        return parse_section();
      default:
        return parse_parameter();
    }
  }

 private:
  using Parsed = Result<CfgLine, CfgSyntaxError>;

  static auto complain(std::string message) { return fail(CfgSyntaxError{std::move(message)}); }

  bool at_end() const noexcept { return pos_ == line_.size(); }
  char peek() const noexcept { return line_[pos_]; }
  char take() noexcept { return line_[pos_++]; }

  void skip_blanks() noexcept {
    while (!at_end() && is_blank(peek())) ++pos_;
  }

  std::string_view take_name() noexcept {
    const std::size_t begin = pos_;
    while (!at_end() && is_name_char(peek())) ++pos_;
    return line_.substr(begin, pos_ - begin);
  }

  Parsed parse_directive() {
    ++pos_;
    out_.kind = CfgLine::Kind::directive;
    out_.name = take_name();
    if (out_.name.empty()) return complain("a directive's name is expected after '@'");
    out_.value = trim(line_.substr(pos_));
    return std::move(out_);
  }

  Parsed parse_section() {
    ++pos_;
    out_.kind = CfgLine::Kind::section;
    out_.name = take_name();
    if (out_.name.empty()) return complain("a section's name is expected after '['");
    if (out_.name.size() > k_max_cfg_name) return complain("the section's name is too long");
    if (at_end() || take() != ']') return complain(fmt::format("']' is expected after '[{}'", out_.name));
    skip_blanks();
    if (!at_end()) return complain(fmt::format("text after '[{}]'", out_.name));
    return std::move(out_);
  }

  Parsed parse_parameter() {
    out_.kind = CfgLine::Kind::parameter;
    out_.name = take_name();
    if (out_.name.empty()) return complain("a parameter's name is expected");
    if (out_.name.size() > k_max_cfg_name) return complain(fmt::format("the name '{}' is too long", out_.name));
    out_.value_begin = out_.value_end = pos_;
    skip_blanks();
    if (at_end() || is_value_comment(peek())) {
      out_.bare = true;
      out_.value = "1";
      return std::move(out_);
    }
    if (take() != '=') return complain(fmt::format("'=' is expected after '{}'", out_.name));
    skip_blanks();
    out_.value_begin = pos_;
    if (std::string message = take_value(); !message.empty()) {
      return complain(fmt::format("'{}': {}", out_.name, message));
    }
    out_.value_end = pos_;
    skip_blanks();
    if (!at_end() && !is_value_comment(peek())) {
      return complain(
          fmt::format("'{}': {} after the value", out_.name, is_control(peek()) ? "a control character" : "text"));
    }
    return std::move(out_);
  }

  /// Returns what is wrong, or nothing.
  std::string take_value() {
    char quote = 0;
    while (!at_end() && (quote != 0 || !(is_blank(peek()) || is_value_comment(peek())))) {
      const char c = take();
      if (is_control(c)) return "a control character in the value";
      if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == '\\' && quote != '\'') {
        take_escape();
      } else {
        out_.value.push_back(c);
      }
    }
    if (quote != 0) return "the quote is not closed";
    if (out_.value.size() > k_max_cfg_value) return fmt::format("the value is over {} bytes", k_max_cfg_value);
    if (out_.value.find('\0') != std::string::npos) return "a zero byte in the value";
    return {};
  }

  /// After the backslash. One that stands before a control character means itself; the caller refuses the latter then.
  void take_escape() {
    const bool means_itself = !at_end() && is_control(peek());
    out_.value.push_back(means_itself ? '\\' : config::take_escape(line_, pos_));
  }

  std::string_view line_;
  std::size_t pos_ = 0;
  CfgLine out_;
};

}  // namespace

Result<CfgLine, CfgSyntaxError> parse_cfg_line(std::string_view line) {
  return LineParser(line).parse();
}

std::string quote_cfg_value(std::string_view value) {
  return '"' + escape_c(value) + '"';
}

std::string_view cfg_coding(std::string_view first_line) {
  std::string_view line = trim(first_line);
  if (line.empty() || std::string_view("#%;").find(line.front()) == std::string_view::npos) return {};
  line = trim(line.substr(1));
  constexpr std::string_view k_mark = "-*-";
  if (line.size() < 2 * k_mark.size() || !line.starts_with(k_mark) || !line.ends_with(k_mark)) return {};
  line = trim(line.substr(k_mark.size(), line.size() - 2 * k_mark.size()));
  constexpr std::string_view k_coding = "coding:";
  if (!line.starts_with(k_coding)) return {};
  return trim(line.substr(k_coding.size()));
}

std::vector<std::string_view> split_cfg_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace ejf::config
