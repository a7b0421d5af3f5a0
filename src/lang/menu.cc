// SPDX-License-Identifier: Apache-2.0
#include "lang/menu.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "lang/columns.h"

namespace ejf::lang {

namespace {

using Kind = MenuOrder::Kind;

constexpr std::size_t k_max_field = 4000;
constexpr std::size_t k_max_log_lines = 10000;

char lower(char c) noexcept {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool contains(std::string_view text, std::string_view part) {
  const auto* found = std::search(text.begin(), text.end(), part.begin(), part.end(),
                                  [](char a, char b) { return lower(a) == lower(b); });
  return found != text.end() || part.empty();
}

}  // namespace

std::vector<MenuRow> make_menu_rows(const std::vector<Probe>& probes, const std::map<std::string, int>& ids) {
  std::vector<MenuRow> rows;
  rows.reserve(probes.size());
  for (const auto& probe : probes) {
    auto id = ids.find(probe.short_name);
    rows.push_back({printable(probe.language), id == ids.end() ? "" : std::to_string(id->second), probe.is_enabled,
                    printable(probe.value("version")), printable(probe.value("long_name")), printable(probe.path),
                    probe.argument, printable(explain_off(probe)), probe.jail});
  }
  return rows;
}

void Menu::resize(std::size_t lines, std::size_t columns) {
  lines_ = lines;
  columns_ = columns;
  keep_in_range();
}

void Menu::set_rows(std::vector<MenuRow> rows) {
  std::string language = selected();
  rows_ = std::move(rows);
  auto shown = visible();
  auto same = std::find_if(shown.begin(), shown.end(), [&](const MenuRow* row) { return row->language == language; });
  if (same != shown.end()) position_ = static_cast<std::size_t>(same - shown.begin());
  keep_in_range();
}

void Menu::say(std::string_view message) {
  message_ = printable(message);
}

void Menu::add_log(std::string_view text) {
  auto pieces = split(text, '\n');
  log_.back() += printable(pieces[0]);
  for (std::size_t i = 1; i < pieces.size(); ++i) log_.push_back(printable(pieces[i]));
  if (log_.size() > k_max_log_lines) {
    log_.erase(log_.begin(), log_.begin() + static_cast<std::ptrdiff_t>(log_.size() - k_max_log_lines));
  }
}

std::vector<std::string_view> Menu::wrapped_log() const {
  std::vector<std::string_view> lines;
  for (std::string_view line : log_) {
    do {
      std::string_view head = first_characters(line, std::max<std::size_t>(columns_, 1));
      lines.push_back(head);
      line.remove_prefix(head.size());
    } while (!line.empty());
  }
  // The last piece is what comes after the last line break: mostly nothing.
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

std::vector<const MenuRow*> Menu::visible() const {
  std::vector<const MenuRow*> shown;
  for (const auto& row : rows_) {
    if (contains(row.language, filter_) || contains(row.long_name, filter_)) shown.push_back(&row);
  }
  return shown;
}

const MenuRow* Menu::selected_row() const {
  auto shown = visible();
  return position_ < shown.size() ? shown[position_] : nullptr;
}

std::string Menu::selected() const {
  const MenuRow* row = selected_row();
  return row == nullptr ? "" : row->language;
}

void Menu::keep_in_range() {
  std::size_t count = visible().size();
  std::size_t height = std::max<std::size_t>(list_height(), 1);
  position_ = count == 0 ? 0 : std::min(position_, count - 1);
  if (position_ < top_) top_ = position_;
  if (position_ >= top_ + height) top_ = position_ - height + 1;
  // A window that grew shows no empty lines while there is something above.
  if (top_ + height > count) top_ = count > height ? count - height : 0;
}

void Menu::move(std::ptrdiff_t by) {
  auto target = static_cast<std::ptrdiff_t>(position_) + by;
  position_ = static_cast<std::size_t>(std::max<std::ptrdiff_t>(target, 0));
  keep_in_range();
}

MenuOrder Menu::handle(const MenuInput& input) {
  message_.clear();
  switch (mode_) {
    case Mode::list:
      return handle_list(input);
    case Mode::search:
      return handle_search(input);
    case Mode::edit:
      return handle_edit(input);
    case Mode::log:
      return handle_log(input);
    case Mode::ask:
      return handle_ask(input);
  }
  return {};
}

MenuOrder Menu::handle_list(const MenuInput& input) {
  auto page = static_cast<std::ptrdiff_t>(std::max<std::size_t>(list_height(), 1));
  switch (input.key) {
    case MenuKey::up:
      move(-1);
      return {};
    case MenuKey::down:
      move(1);
      return {};
    case MenuKey::page_up:
      move(-page);
      return {};
    case MenuKey::page_down:
      move(page);
      return {};
    case MenuKey::home:
      move(-static_cast<std::ptrdiff_t>(rows_.size()));
      return {};
    case MenuKey::end:
      move(static_cast<std::ptrdiff_t>(rows_.size()));
      return {};
    case MenuKey::enter:
      edit_path();
      return {};
    case MenuKey::escape:
      if (filter_.empty()) return leave();
      filter_.clear();
      keep_in_range();
      return {};
    case MenuKey::backspace:
    case MenuKey::clear:
    case MenuKey::complete:
      return {};
    case MenuKey::text:
      return handle_command(input.text);
  }
  return {};
}

MenuOrder Menu::handle_command(std::string_view command) {
  const MenuRow* row = selected_row();
  if (command == "/") {
    mode_ = Mode::search;
    field_ = filter_;
  } else if (command == " ") {
    return toggle();
  } else if ((command == "c" || command == "C") && row != nullptr) {
    return probe("");
  } else if ((command == "t" || command == "T") && row != nullptr) {
    return probe(row->argument);
  } else if (command == "l" || command == "L") {
    mode_ = Mode::log;
    log_up_ = 0;
  } else if (command == "s" || command == "S") {
    return {Kind::save, "", ""};
  } else if (command == "q" || command == "Q") {
    return leave();
  }
  return {};
}

MenuOrder Menu::leave() {
  if (is_saved_) return {Kind::quit, "", ""};
  mode_ = Mode::ask;
  return {};
}

/// On and off are the argument of the version script, as with --with-L and --without-L, so that they last.
MenuOrder Menu::toggle() {
  const MenuRow* row = selected_row();
  if (row == nullptr) return {};
  if (row->is_on) return probe(std::string{k_off_argument});
  if (row->argument == k_off_argument) return probe("");
  say(row->language + " cannot be switched on: " + row->reason);
  return {};
}

MenuOrder Menu::probe(const std::string& argument) {
  is_saved_ = false;
  return {Kind::probe, selected(), argument};
}

void Menu::edit_path() {
  const MenuRow* row = selected_row();
  if (row == nullptr) return;
  mode_ = Mode::edit;
  field_ = row->argument == k_off_argument ? "" : row->argument;
}

bool Menu::type_into_field(const MenuInput& input) {
  if (input.key == MenuKey::text && field_.size() < k_max_field) {
    field_ += input.text;
  } else if (input.key == MenuKey::backspace) {
    field_ = without_last_character(field_);
  } else if (input.key == MenuKey::clear) {
    field_.clear();
  } else {
    return false;
  }
  return true;
}

MenuOrder Menu::handle_search(const MenuInput& input) {
  if (type_into_field(input)) {
    filter_ = field_;
  } else if (input.key == MenuKey::escape) {
    filter_.clear();
    mode_ = Mode::list;
  } else if (input.key == MenuKey::enter) {
    mode_ = Mode::list;
  } else {
    return handle_list(input);
  }
  keep_in_range();
  return {};
}

MenuOrder Menu::handle_edit(const MenuInput& input) {
  if (type_into_field(input)) return {};
  if (input.key == MenuKey::complete) return {Kind::complete, selected(), field_};
  if (input.key != MenuKey::enter && input.key != MenuKey::escape) return {};
  mode_ = Mode::list;
  return input.key == MenuKey::enter ? probe(field_) : MenuOrder{};
}

MenuOrder Menu::handle_log(const MenuInput& input) {
  std::size_t page = std::max<std::size_t>(log_height(), 1);
  std::size_t count = wrapped_log().size();
  std::size_t most = count > page ? count - page : 0;
  switch (input.key) {
    case MenuKey::up:
      log_up_ += 1;
      break;
    case MenuKey::page_up:
      log_up_ += page;
      break;
    case MenuKey::home:
      log_up_ = most;
      break;
    case MenuKey::down:
      log_up_ -= std::min<std::size_t>(log_up_, 1);
      break;
    case MenuKey::page_down:
      log_up_ -= std::min(log_up_, page);
      break;
    case MenuKey::end:
      log_up_ = 0;
      break;
    case MenuKey::enter:
    case MenuKey::escape:
    case MenuKey::backspace:
    case MenuKey::clear:
    case MenuKey::complete:
    case MenuKey::text:
      mode_ = Mode::list;
      break;
  }
  log_up_ = std::min(log_up_, most);
  return {};
}

MenuOrder Menu::handle_ask(const MenuInput& input) {
  mode_ = Mode::list;
  if (input.key == MenuKey::enter || input.text == "y" || input.text == "Y") return {Kind::save_and_quit, "", ""};
  if (input.text == "n" || input.text == "N") return {Kind::quit, "", ""};
  return {};
}

}  // namespace ejf::lang
