// SPDX-License-Identifier: Apache-2.0
// The configurator's menu without a terminal: keys go in; what to do and a picture of the window come out. Somebody
// else draws (tools/visual.cc).
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/probe.h"

namespace ejf::lang {

struct MenuRow {
  std::string language;
  std::string id;  ///< in compile.cfg; empty: none
  bool is_on = false;
  std::string version;
  std::string long_name;
  std::string path;
  std::string argument;  ///< of the version script; empty: none
  std::string reason;    ///< why it is off
  JailState jail = JailState::not_tested;
};

std::vector<MenuRow> make_menu_rows(const std::vector<Probe>& probes, const std::map<std::string, int>& ids);

enum class MenuKey {
  up,
  down,
  page_up,
  page_down,
  home,
  end,
  enter,
  escape,
  backspace,
  clear,     ///< the whole field
  complete,  ///< the path in the field
  text,
};

struct MenuInput {
  MenuKey key = MenuKey::text;
  std::string text;  ///< one character, with MenuKey::text
};

/// What the person wants done.
struct MenuOrder {
  enum class Kind { none, probe, complete, save, save_and_quit, quit };
  Kind kind = Kind::none;
  std::string language;  ///< to probe, with this argument
  std::string argument;  ///< or the beginning of a path, to complete
};

enum class MenuStyle { normal, title, heading, selected, off, note, field };

struct MenuLine {
  std::string text;
  MenuStyle style = MenuStyle::normal;
};

struct MenuPicture {
  std::vector<MenuLine> lines;
  /// Where something is typed: line and column from 0.
  std::optional<std::pair<std::size_t, std::size_t>> cursor;
};

class Menu {
 public:
  /// The window as it is now.
  void resize(std::size_t lines, std::size_t columns);
  /// Languages with what is known of them; the selected one stays selected.
  void set_rows(std::vector<MenuRow> rows);
  /// A line above the keys, until the next key.
  void say(std::string_view message);
  /// Something for the log, which may be part of a line.
  void add_log(std::string_view text);
  /// Whether everything is written down.
  void set_saved(bool is_saved) noexcept { is_saved_ = is_saved; }
  /// Before there are rows: the log, as it comes.
  void show_log() noexcept { mode_ = Mode::log; }
  void show_list() noexcept { mode_ = Mode::list; }
  /// What is typed at present.
  void set_field(std::string text) { field_ = std::move(text); }

  MenuOrder handle(const MenuInput& input);
  MenuPicture picture() const;

  /// Empty: there is none.
  std::string selected() const;

 private:
  enum class Mode { list, search, edit, log, ask };

  MenuOrder handle_list(const MenuInput& input);
  MenuOrder handle_command(std::string_view command);
  MenuOrder handle_search(const MenuInput& input);
  MenuOrder handle_edit(const MenuInput& input);
  MenuOrder handle_log(const MenuInput& input);
  MenuOrder handle_ask(const MenuInput& input);
  MenuOrder toggle();
  MenuOrder probe(const std::string& argument);
  MenuOrder leave();
  void edit_path();
  bool type_into_field(const MenuInput& input);
  void move(std::ptrdiff_t by);
  void keep_in_range();
  const MenuRow* selected_row() const;
  std::vector<const MenuRow*> visible() const;
  /// The log in lines that fit.
  std::vector<std::string_view> wrapped_log() const;

  std::size_t list_height() const noexcept;
  std::size_t log_height() const noexcept;
  void draw_list(MenuPicture& picture) const;
  void draw_details(MenuPicture& picture) const;
  void draw_log(MenuPicture& picture) const;
  void draw_field(MenuPicture& picture) const;
  std::string row_text(const MenuRow& row) const;
  std::string_view keys() const noexcept;

  std::vector<MenuRow> rows_;
  std::string filter_;
  std::size_t position_ = 0;  ///< among the visible
  std::size_t top_ = 0;       ///< first visible one in the window
  std::size_t lines_ = 24;
  std::size_t columns_ = 80;
  Mode mode_ = Mode::list;
  std::string field_;
  std::string message_;
  std::vector<std::string> log_{""};
  std::size_t log_up_ = 0;  ///< how far above its end the log is looked at
  bool is_saved_ = false;
};

}  // namespace ejf::lang
