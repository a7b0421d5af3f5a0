// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/unique_fd.h"

namespace ejf::lang {

/// Writes the file anew, complete or not at all, with that mode and, where that is permitted, with the owner and group
/// of something else. Throws SysError.
void write_file_like(int directory, const std::string& name, std::string_view text, const struct stat& owner,
                     mode_t mode);

/// A configuration file of the site that a program rewrites: the old one stays under a name with its date, the new one
/// has the same mode and owner and appears complete or not at all.
class CfgFile {
 public:
  /// Empty when there is no such file. Throws Error when it is a link, not a regular file or not readable.
  static std::optional<CfgFile> open(const std::string& path);
  /// Writes a file that was not there: mode 0664, owner and group of its directory where that is permitted.
  static void create(const std::string& path, const std::string& text);

  const std::string& text() const noexcept { return text_; }

  /// Keeps the old file as PATH.YYYYMMDDHHMMSS, the local time of its last change. Throws Error, and leaves the file
  /// alone, when that fails or when somebody has changed it since it was opened.
  void replace(const std::string& text);

 private:
  CfgFile(std::string path, UniqueFd directory, std::string name);
  void check_unchanged() const;
  void keep_backup() const;

  std::string path_;
  UniqueFd directory_;
  std::string name_;
  struct stat info_ {};
  std::string text_;
};

}  // namespace ejf::lang
