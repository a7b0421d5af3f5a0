// SPDX-License-Identifier: Apache-2.0
#include "lang/site_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "lang/cfg_update.h"
#include "lang/text_diff.h"

namespace ejf::lang {

namespace {

using State = FileChange::State;

constexpr mode_t k_lang_file_mode = 0644;
constexpr std::size_t k_max_lang_file = std::size_t{1} << 20;

/// What is there at present in place of a file of lang.d.
struct PresentLangFile {
  std::optional<struct stat> info;  ///< of a regular file
  std::optional<std::string> text;
  /// Compile scripts run as another user, who must be able to read the file whatever the umask is here.
  mode_t mode = k_lang_file_mode;
  bool has_right_mode = false;
};

PresentLangFile look_at(int directory, const std::string& name, const std::string& path) {
  PresentLangFile present;
  auto info = try_stat_at(directory, name);
  if (!info || !S_ISREG(info->st_mode)) return present;
  present.info = info;
  present.text = read_file(path, k_max_lang_file);
  present.mode |= info->st_mode & 0777;
  present.has_right_mode = (info->st_mode & 0777) == present.mode;
  return present;
}

std::string_view describe(State state) {
  switch (state) {
    case State::saved:
      return "saved";
    case State::would_be_saved:
      return "would be saved";
    case State::unchanged:
      return "not changed";
    case State::failed:
      return "failed";
  }
  return {};
}

}  // namespace

SiteFiles::SiteFiles(bool is_rehearsal, std::function<void(std::string_view)> say)
    : is_rehearsal_(is_rehearsal), say_(std::move(say)) {}

void SiteFiles::note(const std::string& path, State state, std::string diff) {
  changes_.push_back({path, state, std::move(diff)});
  say_(fmt::format("{}: {}", path, describe(state)));
}

void SiteFiles::save_lang_file(const std::string& directory, const std::string& name, const std::string& text) {
  std::string path = absolute_below(directory, name);
  try {
    if (is_rehearsal_ && !try_open_at(AT_FDCWD, directory, O_RDONLY | O_DIRECTORY)) {
      return note(path, State::would_be_saved, unified_diff(path, {}, text));
    }
    UniqueFd fd = open_directory(directory);
    PresentLangFile present = look_at(fd.get(), name, path);
    if (present.text == text && present.has_right_mode) return note(path, State::unchanged);
    if (is_rehearsal_) return note(path, State::would_be_saved, unified_diff(path, present.text, text));
    write_file_like(fd.get(), name, text, present.info ? *present.info : stat_fd(fd.get(), path), present.mode);
    note(path, State::saved);
  } catch (const Error& error) {
    give_up(path, error.what(), "failed");
  }
}

void SiteFiles::save_compile_cfg(const std::string& path, std::optional<CfgFile> present, const std::string& text) {
  if (present && present->text() == text) return note(path, State::unchanged);
  std::string stamped = present ? restamp_compile_cfg(text) : text;
  if (is_rehearsal_) {
    auto old_text = present ? std::optional(present->text()) : std::nullopt;
    return note(path, State::would_be_saved, unified_diff(path, old_text, stamped));
  }
  if (present) {
    present->replace(stamped);
  } else {
    CfgFile::create(path, stamped);
  }
  note(path, State::saved);
}

void SiteFiles::give_up(const std::string& path, std::string_view why, std::string_view outcome) {
  changes_.push_back({path, State::failed, {}});
  say_(why);
  say_(fmt::format("{}: {}", path, outcome));
}

void SiteFiles::note_script(const std::string& path, const std::optional<std::string>& old_text,
                            const std::string& new_text) {
  // Without a line: one says "Scripts updated" for all of them.
  if (!is_rehearsal_) return changes_.push_back({path, State::saved, {}});
  changes_.push_back({path, State::would_be_saved, unified_diff(path, old_text, new_text)});
}

}  // namespace ejf::lang
