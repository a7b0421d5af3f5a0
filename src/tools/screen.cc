// SPDX-License-Identifier: Apache-2.0
// The only file that knows ncurses. Its header defines macros with names like `timeout` and `move`, so that it is
// switched to functions and included last.
#include "tools/screen.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cwchar>

#include "base/error.h"
#include "base/files.h"

#define NCURSES_NOMACROS 1
#define NCURSES_WIDECHAR 1
#include <ncurses.h>

namespace ejf::tools {

namespace {

using lang::MenuInput;
using lang::MenuKey;
using lang::MenuStyle;

/// How long, in ms, a lone Escape may turn out to be the beginning of a key's sequence: enough for ssh.
constexpr int k_escape_delay = 100;
constexpr wint_t k_escape = 27;
constexpr wint_t k_ctrl_g = 7;
constexpr wint_t k_ctrl_u = 21;
constexpr wint_t k_backspace = 8;
constexpr wint_t k_delete = 127;

attr_t attributes(MenuStyle style) {
  switch (style) {
    case MenuStyle::normal:
    case MenuStyle::note:
      return A_NORMAL;
    case MenuStyle::title:
    case MenuStyle::selected:
      return A_REVERSE;
    case MenuStyle::heading:
    case MenuStyle::field:
      return A_BOLD;
    case MenuStyle::off:
      return A_DIM;
  }
  return A_NORMAL;
}

std::optional<MenuInput> special_key(wint_t key) {
  switch (key) {
    case KEY_UP:
      return MenuInput{MenuKey::up, {}};
    case KEY_DOWN:
      return MenuInput{MenuKey::down, {}};
    case KEY_PPAGE:
      return MenuInput{MenuKey::page_up, {}};
    case KEY_NPAGE:
      return MenuInput{MenuKey::page_down, {}};
    case KEY_HOME:
      return MenuInput{MenuKey::home, {}};
    case KEY_END:
      return MenuInput{MenuKey::end, {}};
    case KEY_ENTER:
      return MenuInput{MenuKey::enter, {}};
    case KEY_BACKSPACE:
      return MenuInput{MenuKey::backspace, {}};
    default:
      return {};
  }
}

std::optional<MenuInput> character_key(wint_t key) {
  switch (key) {
    case L'\r':
    case L'\n':
      return MenuInput{MenuKey::enter, {}};
    case k_escape:
    case k_ctrl_g:
      return MenuInput{MenuKey::escape, {}};
    case k_backspace:
    case k_delete:
      return MenuInput{MenuKey::backspace, {}};
    case k_ctrl_u:
      return MenuInput{MenuKey::clear, {}};
    case L'\t':
      return MenuInput{MenuKey::complete, {}};
    default:
      break;
  }
  std::array<char, MB_LEN_MAX> bytes{};
  std::mbstate_t state{};
  std::size_t length = std::wcrtomb(bytes.data(), static_cast<wchar_t>(key), &state);
  if (key < L' ' || length == static_cast<std::size_t>(-1)) return {};
  return MenuInput{MenuKey::text, {bytes.data(), length}};
}

}  // namespace

Screen::Screen() {
  static_cast<void>(std::setlocale(LC_ALL, ""));  // NOLINT(concurrency-mt-unsafe): there are no threads
  SCREEN* terminal = ::newterm(nullptr, stdout, stdin);
  if (terminal == nullptr) {
    const char* name = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): there are no threads
    throw Error(std::string{"the menu does not work on a terminal of type '"} + (name == nullptr ? "" : name) +
                "'; set TERM, or use --batch");
  }
  terminal_ = terminal;
  ::cbreak();
  ::noecho();
  ::nonl();
  ::keypad(stdscr, true);
  ::nodelay(stdscr, true);
  ::set_escdelay(k_escape_delay);
  keep_errors();
}

Screen::~Screen() {
  ::endwin();
  ::delscreen(static_cast<SCREEN*>(terminal_));
  give_errors_back();
}

void Screen::keep_errors() {
  errors_ = make_memory_file("errors", "");
  real_errors_ = UniqueFd(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0));
  if (real_errors_) ::dup2(errors_.get(), STDERR_FILENO);
}

void Screen::give_errors_back() {
  if (!real_errors_) return;
  ::dup2(real_errors_.get(), STDERR_FILENO);
  if (::lseek(errors_.get(), 0, SEEK_SET) < 0) return;
  std::array<char, 4096> buffer{};
  for (ssize_t n = 0; (n = ::read(errors_.get(), buffer.data(), buffer.size())) > 0;) {
    if (::write(STDERR_FILENO, buffer.data(), static_cast<std::size_t>(n)) < 0) return;
  }
}

void Screen::measure(lang::Menu& menu) const {
  int lines = ::getmaxy(stdscr);
  int columns = ::getmaxx(stdscr);
  menu.resize(static_cast<std::size_t>(lines), static_cast<std::size_t>(columns));
}

void Screen::draw(const lang::MenuPicture& picture) {
  ::werase(stdscr);
  int y = 0;
  for (const auto& line : picture.lines) {
    ::wattrset(stdscr, static_cast<int>(attributes(line.style)));
    ::mvwaddnstr(stdscr, y++, 0, line.text.c_str(), static_cast<int>(line.text.size()));
  }
  ::wattrset(stdscr, A_NORMAL);
  ::curs_set(picture.cursor ? 1 : 0);
  if (picture.cursor) {
    ::wmove(stdscr, static_cast<int>(picture.cursor->first), static_cast<int>(picture.cursor->second));
  }
  ::wrefresh(stdscr);
}

std::optional<MenuInput> Screen::read_key(bool& resized) {
  wint_t key = 0;
  for (;;) {
    int kind = ::wget_wch(stdscr, &key);
    if (kind == ERR) return {};
    if (kind == KEY_CODE_YES && key == KEY_RESIZE) {
      resized = true;
      continue;
    }
    if (auto input = kind == KEY_CODE_YES ? special_key(key) : character_key(key)) return input;
  }
}

}  // namespace ejf::tools
