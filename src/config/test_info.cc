// SPDX-License-Identifier: Apache-2.0
#include "config/test_info.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "base/text.h"
#include "config/escapes.h"

namespace ejf::config {

namespace {

using T = TestInfo;

/// A few bytes of `${...}` may become thousands: what one line can grow to.
constexpr std::size_t k_max_substituted = 65536;

enum class Kind {
  words,
  word,
  file_name,  ///< a word that is a plain name
  number,     ///< one of least..most
  size,       ///< a number with K, M or G
};

/// Without a member the value is checked and dropped.
struct Key {
  std::string_view name;
  Kind kind = Kind::words;
  std::int64_t least = 0;
  std::int64_t most = 0;
  std::vector<std::string> T::*words = nullptr;
  std::string T::*word = nullptr;
  bool T::*flag = nullptr;
};

constexpr Key words(std::string_view name, std::vector<std::string> T::*member = nullptr) {
  return {.name = name, .kind = Kind::words, .words = member};
}

constexpr Key word(std::string_view name, std::string T::*member = nullptr) {
  return {.name = name, .kind = Kind::word, .word = member};
}

constexpr Key flag(std::string_view name, bool T::*member = nullptr) {
  return {.name = name, .kind = Kind::number, .least = 0, .most = 1, .flag = member};
}

constexpr Key number(std::string_view name, std::int64_t least, std::int64_t most) {
  return {.name = name, .kind = Kind::number, .least = least, .most = most};
}

constexpr Key size(std::string_view name) {
  return {.name = name, .kind = Kind::size};
}

constexpr std::int64_t k_max_int = std::numeric_limits<std::int32_t>::max();
constexpr std::string_view k_enable_subst = "enable_subst";

constexpr std::array k_keys{
    words("compiler_env", &T::compiler_env),
    words("style_checker_env", &T::style_checker_env),
    flag("compiler_must_fail", &T::compiler_must_fail),
    flag("allow_compile_error", &T::allow_compile_error),
    Key{.name = "source_stub", .kind = Kind::file_name, .word = &T::source_stub},
    word("comment", &T::comment),
    flag(k_enable_subst),
    // What only the runs of tests use.
    words("params"),
    words("environ"),
    words("checker_env"),
    words("interactor_env"),
    words("init_env"),
    words("ok_language"),
    word("team_comment"),
    word("working_dir"),
    word("program_name"),
    word("check_cmd"),
    number("exit_code", 0, 255),
    number("max_open_file_count", 0, 1024),
    number("max_process_count", 0, 1024),
    number("time_limit_ms", 1, k_max_int),
    number("real_time_limit_ms", 1, k_max_int),
    size("max_vm_size"),
    size("max_stack_size"),
    size("max_file_size"),
    size("max_rss_size"),
    flag("check_stderr"),
    flag("disable_stderr"),
    flag("disable_valgrind"),
    flag("ignore_exit_code"),
    flag("ignore_term_signal"),
    flag("must_fail"),
};

constexpr std::string_view k_space = " \t\r\n\v\f";
constexpr std::string_view k_name_chars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

bool is_space(char c) noexcept {
  return k_space.find(c) != std::string_view::npos;
}

/// For messages: what stands in the file may be long and hold anything.
std::string shown(std::string_view text) {
  constexpr std::size_t k_most = 60;
  return fmt::format("'{}{}'", escape_c(text.substr(0, k_most)), text.size() > k_most ? "..." : "");
}

/// Splits a value like a line of a shell, up to a comment.
class WordSplitter {
 public:
  explicit WordSplitter(std::string_view text) noexcept : text_(text) {}

  Result<std::vector<std::string>, std::string> split() {
    while (pos_ < text_.size() && (quote_ != 0 || text_[pos_] != '#')) {
      if (!take(text_[pos_++])) return fail(fmt::format("a control character in {}", shown(text_)));
    }
    if (quote_ != 0) return fail(fmt::format("the quote is not closed in {}", shown(text_)));
    end_word();
    return std::move(words_);
  }

 private:
  bool take(char c) {
    if (c == '\\' && quote_ != '\'') {
      add(take_escape(text_, pos_));
    } else if (quote_ != 0) {
      if (c == quote_) {
        quote_ = 0;
      } else {
        add(c);
      }
    } else if (c == '"' || c == '\'') {
      quote_ = c;
      in_word_ = true;  // "" is a word, too
    } else if (is_space(c)) {
      end_word();
    } else if (static_cast<unsigned char>(c) < 0x20) {
      return false;
    } else {
      add(c);
    }
    return true;
  }

  void add(char c) {
    word_.push_back(c);
    in_word_ = true;
  }

  void end_word() {
    if (in_word_) words_.push_back(std::exchange(word_, {}));
    in_word_ = false;
  }

  std::string_view text_;
  std::size_t pos_ = 0;
  char quote_ = 0;
  bool in_word_ = false;
  std::string word_;
  std::vector<std::string> words_;
};

/// Empty when the line grows too long.
std::optional<std::string> substitute_line(std::string_view line, const Substitute& substitute) {
  std::string out;
  while (!line.empty() && out.size() <= k_max_substituted) {
    const auto dollar = line.find('$');
    out += line.substr(0, dollar);
    if (dollar == std::string_view::npos) break;
    line.remove_prefix(dollar + 1);
    if (!line.starts_with('{')) {
      if (line.starts_with('$')) line.remove_prefix(1);
      out += '$';
      continue;
    }
    const auto end = line.find('}');
    if (end == std::string_view::npos) break;
    out += substitute(line.substr(1, end - 1));
    line.remove_prefix(end + 1);
  }
  if (out.size() > k_max_substituted) return {};
  return out;
}

std::string check_number(const Key& key, const std::string& value) {
  if (key.kind == Kind::size) {
    const auto parsed = value.find_first_of("Tt") == std::string::npos ? parse_size(value) : std::nullopt;
    return parsed && *parsed >= 0 ? "" : "must be a size in bytes, K, M or G";
  }
  const auto parsed = parse_decimal(value);
  if (parsed && *parsed >= key.least && *parsed <= key.most) return {};
  if (key.most == k_max_int) return "must be a number above 0";
  return fmt::format("must be a number from {} to {}", key.least, key.most);
}

class InfoParser {
 public:
  explicit InfoParser(const Substitute& substitute) : substitute_(substitute) {}

  Result<TestInfo, TestInfoError> parse(std::string_view text) {
    int number = 0;
    for (std::string_view line : ejf::split(text, '\n')) {
      ++number;
      std::string complaint = take_raw_line(line);
      if (!complaint.empty()) return fail(TestInfoError{.line = number, .message = std::move(complaint)});
    }
    return std::move(info_);
  }

 private:
  // Each of these returns what is wrong, or nothing.

  std::string take_raw_line(std::string_view line) {
    if (line.find('\0') != std::string_view::npos) return "a zero byte";
    if (!substituting_) return take_line(trim(line));
    const auto text = substitute_line(line, substitute_);
    if (!text) return fmt::format("over {} bytes after substitution: {}", k_max_substituted, shown(line));
    if (text->find('\0') != std::string::npos) return fmt::format("a zero byte after substitution: {}", shown(line));
    return take_line(trim(*text));
  }

  std::string take_line(std::string_view line) {
    if (line.empty()) return {};
    const std::string_view name = line.substr(0, line.find_first_not_of(k_name_chars));
    if (name.empty()) return fmt::format("a key is expected instead of {}", shown(line));
    const auto* key = std::find_if(k_keys.begin(), k_keys.end(), [&](const Key& known) { return known.name == name; });
    if (key == k_keys.end()) return unknown(name);
    const std::string_view rest = trim(line.substr(name.size()));
    if (rest.empty() || rest.starts_with('#')) return take_value(*key, "1");
    if (!rest.starts_with('=')) return fmt::format("'{}': '=' is expected before {}", name, shown(rest));
    return take_value(*key, trim(rest.substr(1)));
  }

  static std::string unknown(std::string_view name) {
    std::array<std::string_view, k_keys.size()> names;
    std::transform(k_keys.begin(), k_keys.end(), names.begin(), [](const Key& key) { return key.name; });
    const auto meant = nearest(name, names);
    return fmt::format("unknown key {}{}", shown(name), meant ? fmt::format(" (did you mean '{}'?)", *meant) : "");
  }

  std::string take_value(const Key& key, std::string_view text) {
    auto values = WordSplitter(text).split();
    std::string complaint = values ? check_words(*values) : std::move(values.error());
    if (complaint.empty()) complaint = key.kind == Kind::words ? take_words(key, *values) : take_single(key, *values);
    return complaint.empty() ? complaint : fmt::format("'{}': {}", key.name, complaint);
  }

  static std::string check_words(const std::vector<std::string>& values) {
    for (const std::string& value : values) {
      if (value.find('\0') != std::string::npos) return fmt::format("a zero byte in {}", shown(value));
    }
    return {};
  }

  /// A list that was given as empty may be given again.
  std::string take_words(const Key& key, std::vector<std::string>& values) {
    if (seen_.contains(key.name))
      return fmt::format("is given twice, now as {}", shown(fmt::format("{}", fmt::join(values, " "))));
    if (!values.empty()) seen_.insert(key.name);
    if (key.words != nullptr) info_.*key.words = std::move(values);
    return {};
  }

  std::string take_single(const Key& key, std::vector<std::string>& values) {
    if (values.empty()) return "a value is missing";
    if (values.size() > 1)
      return fmt::format("one word is expected, {} came: {} {}", values.size(), shown(values[0]), shown(values[1]));
    std::string& value = values[0];
    if (key.kind == Kind::number || key.kind == Kind::size) {
      const std::string complaint = check_number(key, value);
      if (!complaint.empty()) return fmt::format("{} {}", shown(value), complaint);
      const bool on = parse_decimal(value) == 1;
      if (key.flag != nullptr) info_.*key.flag = on;
      if (key.name == k_enable_subst) substituting_ = on;
      return {};
    }
    if (!seen_.insert(key.name).second) return fmt::format("is given twice, now as {}", shown(value));
    if (key.kind == Kind::file_name && !is_plain_name(value))
      return fmt::format("{} is not the name of a file", shown(value));
    if (key.word != nullptr) info_.*key.word = std::move(value);
    return {};
  }

  const Substitute& substitute_;
  bool substituting_ = false;
  std::set<std::string_view> seen_;  ///< keys that may not be given again
  TestInfo info_;
};

}  // namespace

Result<TestInfo, TestInfoError> parse_test_info(std::string_view text, const Substitute& substitute) {
  return InfoParser(substitute).parse(text);
}

}  // namespace ejf::config
