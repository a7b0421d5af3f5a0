// SPDX-License-Identifier: Apache-2.0
// What the menu looks like: a title, a heading, the list, four lines about the selected language, a line for messages
// and for typing, and the keys.
#include <fmt/format.h>

#include <algorithm>

#include "lang/columns.h"
#include "lang/menu.h"

namespace ejf::lang {

namespace {

constexpr std::size_t k_title_lines = 2;
constexpr std::size_t k_detail_lines = 4;
constexpr std::size_t k_bottom_lines = 2;
constexpr std::size_t k_least_lines = 10;
constexpr std::size_t k_least_columns = 30;
constexpr std::size_t k_shortest_name = 8;
constexpr std::size_t k_longest_name = 16;
constexpr std::size_t k_version_width = 14;

std::string_view describe(JailState state) {
  switch (state) {
    case JailState::not_tested:
      return "not tried";
    case JailState::passed:
      return "works";
    case JailState::failed:
      return "does not work";
  }
  return {};
}

}  // namespace

std::size_t Menu::list_height() const noexcept {
  constexpr std::size_t k_rest = k_title_lines + k_detail_lines + k_bottom_lines;
  return lines_ > k_rest ? lines_ - k_rest : 0;
}

std::size_t Menu::log_height() const noexcept {
  constexpr std::size_t k_rest = 1 + k_bottom_lines;
  return lines_ > k_rest ? lines_ - k_rest : 0;
}

MenuPicture Menu::picture() const {
  MenuPicture picture;
  if (lines_ < k_least_lines || columns_ < k_least_columns) {
    if (lines_ > 0) picture.lines.push_back({fit("the window is too small", columns_), MenuStyle::note});
    return picture;
  }
  auto on = std::count_if(rows_.begin(), rows_.end(), [](const MenuRow& row) { return row.is_on; });
  std::string title = fmt::format(" Languages of the compile server: {} of {} are on", on, rows_.size());
  if (rows_.empty()) title = " Looking for compilers";
  if (!filter_.empty()) title += fmt::format(", search: {}", filter_);
  picture.lines.push_back({fit(title, columns_), MenuStyle::title});
  if (mode_ == Mode::log) {
    draw_log(picture);
  } else {
    draw_list(picture);
    draw_details(picture);
  }
  draw_field(picture);
  picture.lines.push_back({fit(keys(), columns_), MenuStyle::heading});
  return picture;
}

void Menu::draw_list(MenuPicture& picture) const {
  MenuRow heading;
  heading.language = "language";
  heading.id = "id";
  heading.version = "version";
  heading.path = "compiler, or why the language is off";
  heading.is_on = true;
  std::string text = row_text(heading);
  picture.lines.push_back({text.replace(text.find(" on "), 4, "    "), MenuStyle::heading});
  auto shown = visible();
  for (std::size_t i = top_; i < top_ + list_height(); ++i) {
    if (i >= shown.size()) {
      bool is_first = i == 0 && shown.empty() && !filter_.empty();
      picture.lines.push_back({fit(is_first ? " there is no such language" : "", columns_), MenuStyle::normal});
      continue;
    }
    MenuStyle style = shown[i]->is_on ? MenuStyle::normal : MenuStyle::off;
    picture.lines.push_back({row_text(*shown[i]), i == position_ ? MenuStyle::selected : style});
  }
}

std::string Menu::row_text(const MenuRow& row) const {
  std::size_t name_width = k_shortest_name;
  for (const auto& each : rows_) name_width = std::max(name_width, count_characters(each.language));
  name_width = std::min(name_width, k_longest_name);
  std::string text = fmt::format(" {} {:>6} {} {} {}", fit(row.language, name_width), row.id, row.is_on ? "on " : "off",
                                 fit(row.version, k_version_width), row.is_on ? row.path : row.reason);
  return fit(text, columns_);
}

void Menu::draw_details(MenuPicture& picture) const {
  const MenuRow* row = selected_row();
  std::vector<std::string> lines(k_detail_lines);
  if (row != nullptr) {
    lines[0] = fmt::format(" {}: {} {}", row->language, row->long_name, row->version);
    std::string given = row->argument.empty()             ? "none"
                        : row->argument == k_off_argument ? "switched off"
                                                          : printable(row->argument);
    lines[1] = fmt::format(" compiler: {}; path given: {}; in the jail: {}", row->path.empty() ? "none" : row->path,
                           given, describe(row->jail));
    // A reason may be long: what the first line cannot hold goes to the second.
    std::string reason = row->is_on ? "" : " off: " + row->reason;
    std::string_view head = first_characters(reason, columns_);
    lines[2] = head;
    lines[3] = reason.substr(head.size());
  }
  for (const auto& line : lines) picture.lines.push_back({fit(line, columns_), MenuStyle::note});
}

void Menu::draw_log(MenuPicture& picture) const {
  std::size_t height = log_height();
  auto lines = wrapped_log();
  std::size_t count = lines.size();
  std::size_t end = count - std::min(log_up_, count);
  std::size_t begin = end > height ? end - height : 0;
  for (std::size_t i = begin; i < begin + height; ++i) {
    picture.lines.push_back({fit(i < end ? lines[i] : "", columns_), MenuStyle::normal});
  }
}

void Menu::draw_field(MenuPicture& picture) const {
  std::string label;
  if (mode_ == Mode::search) label = " Search: ";
  if (mode_ == Mode::edit) label = fmt::format(" Compiler of {} (empty: look for it): ", selected());
  if (mode_ == Mode::ask) return picture.lines.push_back({fit(" Save the changes? (y/n)", columns_), MenuStyle::field});
  if (label.empty()) return picture.lines.push_back({fit(" " + message_, columns_), MenuStyle::note});
  label = first_characters(label, columns_ / 2);
  std::size_t room = columns_ - count_characters(label) - 1;
  // The end of a long text is where one types.
  std::string_view shown = field_;
  while (count_characters(shown) > room) shown.remove_prefix(first_characters(shown, 1).size());
  picture.cursor = {picture.lines.size(), count_characters(label) + count_characters(shown)};
  picture.lines.push_back({fit(label + printable(shown), columns_), MenuStyle::field});
}

std::string_view Menu::keys() const noexcept {
  switch (mode_) {
    case Mode::list:
      return " / search  Enter path  Space on/off  C clear path  T try  L log  S save  Q quit";
    case Mode::search:
      return " Enter take  Esc show all  Ctrl-U empty the field";
    case Mode::edit:
      return " Enter try this path  Tab complete it  Esc leave it as it was  Ctrl-U empty it";
    case Mode::log:
      return rows_.empty() ? " Ctrl-C stop" : " Up Down PgUp PgDn  any other key: back to the list";
    case Mode::ask:
      return " Y save and quit  N quit without saving  Esc go on";
  }
  return {};
}

}  // namespace ejf::lang
