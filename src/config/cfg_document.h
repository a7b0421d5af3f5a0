// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/cfg_line.h"
#include "config/diagnostics.h"

namespace ejf::config {

/// A compile.cfg that is edited without losing anything: every line that is not changed stays as it is, with comments,
/// order, keys that nobody knows, line ends and charset. @include and @if are kept, and not followed.
class CfgDocument {
 public:
  /// Keys and their lines; what stands before the first `[name]` is a section without a name. A change that would not
  /// change the meaning leaves the line alone. The comment behind a changed value stays.
  class Section {
   public:
    const std::string& name() const noexcept { return name_; }
    int line() const noexcept { return line_; }  ///< of `[name]`; 0 if the section is new

    /// The last value, as the last one counts; all values, for a list.
    std::optional<std::string> find(std::string_view key) const;
    std::vector<std::string> find_all(std::string_view key) const;

    /// `key = "value"`, quoted by ejudge's rules. Throws Error when the reader could not give the value back.
    void set(std::string_view key, std::string_view value);
    void set_number(std::string_view key, std::int64_t value);
    void set_size(std::string_view key, std::int64_t value);
    /// A bare key, or no key.
    void set_flag(std::string_view key, bool on);
    /// One line a value.
    void set_list(std::string_view key, const std::vector<std::string>& values);
    void unset(std::string_view key);

   private:
    friend class CfgDocument;
    struct Line {
      std::string text;  ///< with its end
      CfgLine parsed;
    };
    std::vector<std::size_t> places_of(std::string_view key) const;
    std::size_t end_of_parameters() const;
    void put(std::string_view key, std::string_view value, std::string_view written);
    void insert(std::size_t place, std::string_view written);
    void append_text(std::string& out) const;

    std::string name_;
    int line_ = 0;
    std::string line_end_ = "\n";
    std::vector<std::string> head_;  ///< comments that stand close above `[name]`, and that line itself
    std::vector<Line> lines_;
  };
  using Sections = std::list<Section>;

  /// Fails at the first line that is no valid syntax.
  static Result<CfgDocument, Diagnostic> parse(std::string_view text, const std::string& file);

  Section& global() noexcept { return global_; }
  const Section& global() const noexcept { return global_; }
  Sections& sections() noexcept { return sections_; }
  const Sections& sections() const noexcept { return sections_; }
  /// A new empty section before `place`, or behind the last one. References to the others stay valid.
  Section& add_section(std::string_view name, Sections::iterator place);
  Section& add_section(std::string_view name) { return add_section(name, sections_.end()); }

  /// Is there a line that begins with '@'?
  bool has_directives() const;

  /// The whole document in its own charset; what was parsed, if nothing was changed. Throws Error when a new value has
  /// a character that the charset lacks.
  std::string text() const;

 private:
  Section& last() noexcept { return sections_.empty() ? global_ : sections_.back(); }
  void take_header_comments(Section& from, std::vector<std::string>& to);
  void take_footer();

  std::string charset_;  ///< empty: UTF-8 or unknown, kept as it is
  std::string line_end_ = "\n";
  Section global_;
  Sections sections_;
  std::vector<std::string> footer_;  ///< the last comments of the file, below an empty line
};

}  // namespace ejf::config
