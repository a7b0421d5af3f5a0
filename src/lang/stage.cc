// SPDX-License-Identifier: Apache-2.0
#include "lang/stage.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"

namespace ejf::lang {

namespace {

/// The times too: which of script and template is newer decides what is made again.
void copy_file(int from, const std::string& name, int to) {
  UniqueFd source = open_at(from, name, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  struct stat info = stat_fd(source.get(), name);
  UniqueFd copy = open_at(to, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
  copy_all(source.get(), copy.get(), name);
  if (::fchmod(copy.get(), info.st_mode & 0777) != 0) throw SysError("chmod", name);
  std::array<timespec, 2> times{info.st_atim, info.st_mtim};
  if (::futimens(copy.get(), times.data()) != 0) throw SysError("utimens", name);
}

}  // namespace

Stage::Stage(const std::string& parent) : dir_(parent, "ejudge-setup.") {
  for (const char* name : {"scripts", "lang.d"}) make_directory_at(dir_.fd(), name, 0755);
}

void Stage::copy(const std::string& from, const std::string& to) const {
  auto source = try_open_at(AT_FDCWD, from, O_RDONLY | O_DIRECTORY);
  if (!source) return;
  UniqueFd target = open_directory_at(dir_.fd(), to);
  for (const auto& name : list_directory(source->get())) {
    struct stat info {};
    if (::fstatat(source->get(), name.c_str(), &info, 0) == 0 && S_ISREG(info.st_mode)) {
      copy_file(source->get(), name, target.get());
    } else if (::symlinkat(absolute_below(from, name).c_str(), target.get(), name.c_str()) != 0) {
      throw SysError("symlink", name);
    }
  }
}

void Stage::put_lang_file(const std::string& name, std::string_view text) const {
  UniqueFd target = open_directory_at(dir_.fd(), "lang.d");
  try_unlink_at(target.get(), name);
  write_file_at(target.get(), name, text, 0644);
}

void Stage::put_compile_cfg(std::string_view text) const {
  write_file_at(dir_.fd(), "compile.cfg", text, 0644);
}

}  // namespace ejf::lang
