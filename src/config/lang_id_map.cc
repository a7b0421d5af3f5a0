// SPDX-License-Identifier: Apache-2.0
#include "config/lang_id_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"

namespace ejf::config {

namespace {

constexpr std::size_t k_max_file = std::size_t{4} << 20;
constexpr std::string_view k_white = " \t\r\v\f";

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (auto begin = line.find_first_not_of(k_white); begin != std::string_view::npos;) {
    const auto end = std::min(line.find_first_of(k_white, begin), line.size());
    words.push_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(k_white, end);
  }
  return words;
}

class Reader {
 public:
  Reader(const std::string& file, Diagnostics& diagnostics) : file_(file), diagnostics_(diagnostics) {}

  void line(std::string_view text) {
    ++line_;
    const auto words = words_of(text);
    if (words.empty()) return;
    if (words.size() != 2) return complain("a line is 'FROM TO', two language ids");
    const auto from = id(words[0]);
    const auto to = id(words[1]);
    if (!from || !to) return;
    const auto [place, is_new] = lines_.emplace(*from, line_);
    if (!is_new) return complain(fmt::format("{} stands in line {} already", *from, place->second));
    map_.emplace(*from, *to);
  }

  LangIdMap take() { return std::move(map_); }

 private:
  void complain(std::string message) { diagnostics_.error(file_, line_, std::move(message)); }

  std::optional<int> id(std::string_view word) {
    const auto number = parse_decimal(word);
    if (number && *number >= 1 && *number <= k_max_mapped_id) return static_cast<int>(*number);
    complain(fmt::format("'{}' is not a number from 1 to {}", escape_c(word), k_max_mapped_id));
    return {};
  }

  const std::string& file_;
  Diagnostics& diagnostics_;
  int line_ = 0;
  LangIdMap map_;
  std::map<int, int> lines_;  ///< where each FROM stands
};

}  // namespace

LangIdMap load_lang_id_map(const std::string& path, Diagnostics& diagnostics) {
  try {
    return parse_lang_id_map(read_file(path, k_max_file), path, diagnostics);
  } catch (const Error& error) {
    diagnostics.error(path, 0, error.what());
    return {};
  }
}

LangIdMap parse_lang_id_map(std::string_view text, const std::string& file, Diagnostics& diagnostics) {
  Reader reader(file, diagnostics);
  for (std::string_view line : split(text, '\n')) reader.line(line);
  return reader.take();
}

}  // namespace ejf::config
