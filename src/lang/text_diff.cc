// SPDX-License-Identifier: Apache-2.0
#include "lang/text_diff.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/error.h"
#include "base/files.h"

namespace ejf::lang {

namespace {

constexpr std::size_t k_max_diff = std::size_t{64} << 20;
constexpr int k_old_fd = 3;
constexpr int k_new_fd = 4;

}  // namespace

std::string unified_diff(const std::string& path, const std::optional<std::string>& old_text,
                         const std::string& new_text) {
  if (old_text == new_text) return {};
  const std::string old_label = old_text ? path : "/dev/null";
  UniqueFd old_file = make_memory_file("old", old_text.value_or(""));
  UniqueFd new_file = make_memory_file("new", new_text);
  Pipe pipe = make_pipe();
  // As text, whatever bytes are in it: a script or a setting in another encoding is no binary file.
  Child diff({.program = "/usr/bin/env",
              .argv = {"env", "diff", "-a", "-u", "--label", old_label, "--label", path, "/dev/fd/3", "/dev/fd/4"},
              .env = current_environment(),
              .directory = "",
              .fds = {{pipe.write_end.get(), STDOUT_FILENO},
                      {STDERR_FILENO, STDERR_FILENO},
                      {old_file.get(), k_old_fd},
                      {new_file.get(), k_new_fd}}});
  pipe.write_end.reset();
  std::string text = read_all(pipe.read_end.get(), k_max_diff, "the output of diff");
  int status = diff.wait();
  if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) throw Error("diff does not work; --dry-run needs it");
  return text;
}

}  // namespace ejf::lang
