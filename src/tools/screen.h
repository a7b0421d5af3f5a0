// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/unique_fd.h"
#include "lang/menu.h"

namespace ejf::tools {

/// The terminal while a menu is on it. What others write to standard error meanwhile comes out when the menu is gone.
class Screen {
 public:
  Screen();  ///< throws Error when the terminal is not one for this
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;
  ~Screen();

  void draw(const lang::MenuPicture& picture);
  /// Tells the menu how large the window is.
  void measure(lang::Menu& menu) const;

  /// A key that has been pressed, if there is one; waits for none. `resized` is set when the window has changed.
  std::optional<lang::MenuInput> read_key(bool& resized);

 private:
  void keep_errors();
  void give_errors_back();

  void* terminal_ = nullptr;  ///< ncurses' SCREEN
  UniqueFd errors_;           ///< standard error, for now
  UniqueFd real_errors_;
};

}  // namespace ejf::tools
