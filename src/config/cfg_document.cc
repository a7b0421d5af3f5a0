// SPDX-License-Identifier: Apache-2.0
#include "config/cfg_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "base/text.h"
#include "config/charset.h"

namespace ejf::config {

using Kind = CfgLine::Kind;

// --- Section -----------------------------------------------------------------------------------

std::vector<std::size_t> CfgDocument::Section::places_of(std::string_view key) const {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (lines_[i].parsed.kind == Kind::parameter && lines_[i].parsed.name == key) places.push_back(i);
  }
  return places;
}

std::optional<std::string> CfgDocument::Section::find(std::string_view key) const {
  const auto places = places_of(key);
  if (places.empty()) return {};
  return lines_[places.back()].parsed.value;
}

std::vector<std::string> CfgDocument::Section::find_all(std::string_view key) const {
  std::vector<std::string> values;
  for (std::size_t place : places_of(key)) values.push_back(lines_[place].parsed.value);
  return values;
}

/// Behind the last parameter (and not inside an @if), or else behind the comments at the start: empty lines stay at the
/// section's end.
std::size_t CfgDocument::Section::end_of_parameters() const {
  const auto end_behind = [&](auto is_wanted) {
    const auto found = std::find_if(lines_.rbegin(), lines_.rend(), is_wanted);
    return static_cast<std::size_t>(std::distance(lines_.begin(), found.base()));
  };
  const std::size_t end = end_behind(
      [](const Line& line) { return line.parsed.kind == Kind::parameter || line.parsed.kind == Kind::directive; });
  return end > 0 ? end : end_behind([](const Line& line) { return line.parsed.kind != Kind::blank; });
}

void CfgDocument::Section::insert(std::size_t place, std::string_view written) {
  // The line before may be the last of a file that does not end with a newline.
  std::string* before = place > 0 ? &lines_[place - 1].text : head_.empty() ? nullptr : &head_.back();
  if (before != nullptr && !before->empty() && before->back() != '\n') *before += line_end_;
  auto parsed = parse_cfg_line(written);
  if (!parsed) throw Error(parsed.error().message);
  lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(place),
                Line{std::string{written} + line_end_, *std::move(parsed)});
}

/// `written`: how the value looks behind "key = "; empty for a bare key.
void CfgDocument::Section::put(std::string_view key, std::string_view value, std::string_view written) {
  const auto places = places_of(key);
  const std::string tail = written.empty() ? std::string{} : fmt::format(" = {}", written);
  if (places.empty()) return insert(end_of_parameters(), std::string{key} + tail);

  // The last line of several counts, so that is the one to change; the others never counted.
  Line& line = lines_[places.back()];
  if (line.parsed.value == value) return;
  const bool keeps_equals = !line.parsed.bare && !written.empty();
  const std::size_t key_end = line.text.find(key) + key.size();
  std::string text = keeps_equals ? line.text.substr(0, line.parsed.value_begin) + std::string{written}
                                  : line.text.substr(0, key_end) + tail;
  text += line.text.substr(line.parsed.value_end);
  auto parsed = parse_cfg_line(without_line_end(text));
  if (!parsed) throw Error(parsed.error().message);
  line = {std::move(text), *std::move(parsed)};
}

void CfgDocument::Section::set(std::string_view key, std::string_view value) {
  put(key, value, quote_cfg_value(value));
}

void CfgDocument::Section::set_number(std::string_view key, std::int64_t value) {
  const std::string text = std::to_string(value);
  put(key, text, text);
}

void CfgDocument::Section::set_size(std::string_view key, std::int64_t value) {
  const auto old = find(key);
  if (old && parse_size(*old) == value) return;
  const std::string text = format_size(value);
  put(key, text, text);
}

void CfgDocument::Section::set_flag(std::string_view key, bool on) {
  if (!on) return unset(key);
  const auto old = find(key);
  const auto number = old ? parse_size(*old) : std::nullopt;
  if (!number || *number <= 0) put(key, "1", "");
}

void CfgDocument::Section::set_list(std::string_view key, const std::vector<std::string>& values) {
  if (find_all(key) == values) return;
  const auto old = places_of(key);
  std::size_t place = old.empty() ? end_of_parameters() : old.front();
  unset(key);
  for (const std::string& value : values) insert(place++, fmt::format("{} = {}", key, quote_cfg_value(value)));
}

void CfgDocument::Section::unset(std::string_view key) {
  std::erase_if(lines_,
                [&](const Line& line) { return line.parsed.kind == Kind::parameter && line.parsed.name == key; });
}

void CfgDocument::Section::append_text(std::string& out) const {
  for (const std::string& line : head_) out += line;
  for (const Line& line : lines_) out += line.text;
}

// --- CfgDocument -------------------------------------------------------------------------------

/// Comments close above `[name]` speak of that section; a coding line or a banner with an empty line below does not.
void CfgDocument::take_header_comments(Section& from, std::vector<std::string>& to) {
  auto& lines = from.lines_;
  const auto first = std::find_if(lines.rbegin(), lines.rend(), [](const Section::Line& line) {
                       return line.parsed.kind != Kind::comment;
                     }).base();
  // Without anything before them they are the head of the file.
  if (&from == &global_ && first == lines.begin()) return;
  std::transform(first, lines.end(), std::back_inserter(to), [](Section::Line& line) { return std::move(line.text); });
  lines.erase(first, lines.end());
}

/// The footer begins behind the last empty line that has only comments and empty lines below it.
void CfgDocument::take_footer() {
  auto& lines = last().lines_;
  if (sections_.empty()) return;
  auto first = lines.end();
  bool has_comment = false;
  for (auto it = lines.end(); it != lines.begin();) {
    --it;
    if (it->parsed.kind == Kind::comment) {
      has_comment = true;
    } else if (it->parsed.kind == Kind::blank) {
      if (has_comment) first = std::next(it);
    } else {
      break;
    }
  }
  std::transform(first, lines.end(), std::back_inserter(footer_),
                 [](Section::Line& line) { return std::move(line.text); });
  lines.erase(first, lines.end());
}

Result<CfgDocument, Diagnostic> CfgDocument::parse(std::string_view text, const std::string& file) {
  const auto complain = [&](int line, std::string message) {
    return fail(Diagnostic{Diagnostic::Severity::error, file, line, std::move(message)});
  };
  CfgDocument document;
  std::string converted{text};
  const auto first_line = without_line_end(text.substr(0, text.find('\n')));
  if (const auto coding = cfg_coding(first_line); !coding.empty() && !is_utf8_charset(coding)) {
    document.charset_ = coding;
    auto result = convert_charset(text, coding, "UTF-8");
    if (!result) return complain(1, std::move(result.error().message));
    converted = *std::move(result);
  }
  const auto lines = split_cfg_lines(converted);
  if (!lines.empty() && lines.front().ends_with("\r\n")) document.line_end_ = "\r\n";
  document.global_.line_end_ = document.line_end_;

  int number = 0;
  for (std::string_view line : lines) {
    ++number;
    auto parsed = parse_cfg_line(without_line_end(line));
    if (!parsed) return complain(number, std::move(parsed.error().message));
    if (parsed->kind != Kind::section) {
      document.last().lines_.push_back({std::string{line}, *std::move(parsed)});
      continue;
    }
    Section section;
    section.name_ = parsed->name;
    section.line_ = number;
    section.line_end_ = document.line_end_;
    document.take_header_comments(document.last(), section.head_);
    section.head_.emplace_back(line);
    document.sections_.push_back(std::move(section));
  }
  document.take_footer();
  return document;
}

CfgDocument::Section& CfgDocument::add_section(std::string_view name, Sections::iterator place) {
  // An empty line stands before the new section, and one behind it.
  Section& before = place == sections_.begin() ? global_ : *std::prev(place);
  std::string* last_line = !before.lines_.empty()  ? &before.lines_.back().text
                           : !before.head_.empty() ? &before.head_.back()
                                                   : nullptr;
  if (last_line != nullptr) {
    if (!last_line->ends_with('\n')) *last_line += line_end_;
    const bool has_gap = !before.lines_.empty() && before.lines_.back().parsed.kind == Kind::blank;
    if (!has_gap) before.lines_.push_back({line_end_, CfgLine{}});
  }
  Section section;
  section.name_ = name;
  section.line_end_ = line_end_;
  section.head_.push_back(fmt::format("[{}]{}", name, line_end_));
  section.lines_.push_back({line_end_, CfgLine{}});
  return *sections_.insert(place, std::move(section));
}

bool CfgDocument::has_directives() const {
  const auto has = [](const Section& section) {
    return std::any_of(section.lines_.begin(), section.lines_.end(),
                       [](const Section::Line& line) { return line.parsed.kind == Kind::directive; });
  };
  return has(global_) || std::any_of(sections_.begin(), sections_.end(), has);
}

std::string CfgDocument::text() const {
  std::string out;
  global_.append_text(out);
  for (const Section& section : sections_) section.append_text(out);
  for (const std::string& line : footer_) out += line;
  if (charset_.empty()) return out;
  auto converted = convert_charset(out, "UTF-8", charset_);
  if (!converted) throw Error(converted.error().message);
  return *std::move(converted);
}

}  // namespace ejf::config
