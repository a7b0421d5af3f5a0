// SPDX-License-Identifier: Apache-2.0
// A second set of the site's files in a temporary directory: what is tried before it is put in its place, and all that
// a rehearsal writes.
#pragma once

#include <string>
#include <string_view>

#include "base/temp_dir.h"

namespace ejf::lang {

class Stage {
 public:
  /// Below the directory `parent`.
  explicit Stage(const std::string& parent);

  std::string script_dir() const { return dir_.path() + "/scripts"; }
  std::string lang_config_dir() const { return dir_.path() + "/lang.d"; }
  std::string compile_cfg() const { return dir_.path() + "/compile.cfg"; }

  /// Copies files with their modes and times; directories and what else there is become links. A directory that does
  /// not exist is empty.
  void copy_scripts(const std::string& from) const { copy(from, "scripts"); }
  void copy_lang_config(const std::string& from) const { copy(from, "lang.d"); }
  void put_lang_file(const std::string& name, std::string_view text) const;
  void put_compile_cfg(std::string_view text) const;

 private:
  void copy(const std::string& from, const std::string& to) const;

  TempDir dir_;
};

}  // namespace ejf::lang
