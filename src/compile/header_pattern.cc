// SPDX-License-Identifier: Apache-2.0
#include "compile/header_pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace ejf::compile {

namespace {

/// A name has at most 255 bytes, so a wider number is a mistake or an attack.
constexpr std::size_t k_max_width = 255;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_signed(char type) noexcept {
  return type == 'd' || type == 'i';
}

std::string digits_of(unsigned value, char type) {
  const int base = type == 'o' ? 8 : type == 'x' || type == 'X' ? 16 : 10;
  std::array<char, 16> buffer;
  const char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, base).ptr;
  std::string digits(static_cast<const char*>(buffer.data()), end);
  if (type == 'X') {
    std::transform(digits.begin(), digits.end(), digits.begin(),
                   [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
  }
  return digits;
}

std::string format_number(const NumberFormat& conversion, int value) {
  const bool negative = is_signed(conversion.type) && value < 0;
  const unsigned magnitude = negative ? 0U - static_cast<unsigned>(value) : static_cast<unsigned>(value);
  std::string digits = magnitude == 0 && conversion.precision == 0U ? "" : digits_of(magnitude, conversion.type);
  const std::size_t least = conversion.precision.value_or(0);
  if (digits.size() < least) digits.insert(0, least - digits.size(), '0');

  std::string prefix;
  if (is_signed(conversion.type)) {
    prefix = negative ? "-" : conversion.plus ? "+" : conversion.space ? " " : "";
  } else if (conversion.alternate && conversion.type == 'o') {
    if (!digits.starts_with('0')) digits.insert(0, 1, '0');
  } else if (conversion.alternate && conversion.type != 'u' && magnitude != 0) {
    prefix = {'0', conversion.type};
  }

  const std::size_t size = prefix.size() + digits.size();
  const std::size_t padding = conversion.width > size ? conversion.width - size : 0;
  if (conversion.left) return prefix + digits + std::string(padding, ' ');
  if (conversion.zero && !conversion.precision) return prefix + std::string(padding, '0') + digits;
  return std::string(padding, ' ') + prefix + digits;
}

bool climbs(std::string_view path) {
  const auto components = split(path, '/');
  return std::find(components.begin(), components.end(), "..") != components.end();
}

}  // namespace

/// Reads what stands in the pattern; the messages lack the pattern itself.
class HeaderPattern::Parser {
 public:
  explicit Parser(std::string_view text) noexcept : text_(text) {}

  Result<HeaderPattern, std::string> parse() {
    HeaderPattern out;
    while (pos_ < text_.size()) {
      const char c = text_[pos_++];
      if (c == '%' && !take_if('%')) {
        if (out.conversion_) return fail(std::string{"has more than one conversion"});
        out.conversion_.emplace();
        if (std::string complaint = take_conversion(*out.conversion_); !complaint.empty()) return fail(complaint);
      } else {
        (out.conversion_ ? out.after_ : out.before_).push_back(c);
      }
    }
    return out;
  }

 private:
  bool take_if(char c) noexcept {
    if (pos_ == text_.size() || text_[pos_] != c) return false;
    ++pos_;
    return true;
  }

  /// Returns what is wrong, or nothing.
  std::string take_conversion(NumberFormat& conversion) {
    while (take_flag(conversion)) {
    }
    conversion.width = take_count();
    if (take_if('.')) conversion.precision = take_count();
    if (conversion.width > k_max_width || conversion.precision > k_max_width) {
      return fmt::format("asks for more than {} places", k_max_width);
    }
    if (pos_ == text_.size()) return "ends within a conversion";
    conversion.type = text_[pos_++];
    if (std::string_view("diuxXo").find(conversion.type) == std::string_view::npos) {
      return fmt::format("has a conversion with '{}', which is none of d i u x X o", escape_c({&conversion.type, 1}));
    }
    return {};
  }

  bool take_flag(NumberFormat& conversion) noexcept {
    if (take_if('-')) return conversion.left = true;
    if (take_if('+')) return conversion.plus = true;
    if (take_if(' ')) return conversion.space = true;
    if (take_if('#')) return conversion.alternate = true;
    if (take_if('0')) return conversion.zero = true;
    return false;
  }

  /// No digits are 0, as in printf. Stops counting above the limit.
  std::size_t take_count() noexcept {
    std::size_t count = 0;
    for (; pos_ < text_.size() && is_digit(text_[pos_]); ++pos_) {
      if (count <= k_max_width) count = count * 10 + static_cast<std::size_t>(text_[pos_] - '0');
    }
    return count;
  }

  std::string_view text_;
  std::size_t pos_ = 0;
};

Result<HeaderPattern, std::string> HeaderPattern::parse(std::string_view pattern) {
  auto parsed = Parser(pattern).parse();
  const std::string complaint = parsed ? parsed->why_outside() : parsed.error();
  if (!complaint.empty()) return fail(fmt::format("the pattern '{}' {}", escape_c(pattern), complaint));
  return parsed;
}

std::string HeaderPattern::why_outside() const {
  // With and without a number: "%.0d" may print nothing.
  const std::array names{before_ + after_, before_ + (conversion_ ? "1" : "") + after_};
  if (before_.starts_with('/') || names[0].starts_with('/')) return "is an absolute path";
  if (std::any_of(names.begin(), names.end(), climbs)) return "has a component '..'";
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(names[0].begin(), names[0].end(), is_control)) return "has a control character";
  return {};
}

std::string HeaderPattern::expand(int serial) const {
  if (!conversion_) return before_;
  return before_ + format_number(*conversion_, serial) + after_;
}

}  // namespace ejf::compile
