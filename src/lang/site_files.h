// SPDX-License-Identifier: Apache-2.0
// The files of the site that the configurator writes, or, in a rehearsal, what it would change in them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/cfg_file.h"

namespace ejf::lang {

struct FileChange {
  enum class State { saved, would_be_saved, unchanged, failed };
  std::string path;
  State state = State::unchanged;
  std::string diff;  ///< of a rehearsal
};

class SiteFiles {
 public:
  /// `say` takes a line for the administrator.
  SiteFiles(bool is_rehearsal, std::function<void(std::string_view)> say);

  /// A file of lang.d. Errors are said and kept.
  void save_lang_file(const std::string& directory, const std::string& name, const std::string& text);
  /// compile.cfg; `present` is the file as it was read, none for a new one.
  void save_compile_cfg(const std::string& path, std::optional<CfgFile> present, const std::string& text);
  /// compile.cfg cannot be written, or not even be made up.
  void give_up(const std::string& path, std::string_view why, std::string_view outcome);
  /// A script that another hand has written, or would write.
  void note_script(const std::string& path, const std::optional<std::string>& old_text, const std::string& new_text);

  const std::vector<FileChange>& changes() const noexcept { return changes_; }

 private:
  void note(const std::string& path, FileChange::State state, std::string diff = {});

  bool is_rehearsal_;
  std::function<void(std::string_view)> say_;
  std::vector<FileChange> changes_;
};

}  // namespace ejf::lang
