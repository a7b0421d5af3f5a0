// SPDX-License-Identifier: Apache-2.0
// ej-vcs-compile: the compiler of problems whose answer is a state of a repository (VCS mode). Runs in the jail, as the
// command of the job: unpacks the archive that the source holds and becomes the build command. Nothing here defends
// against the archive or the build; the jail does.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/base64.h"
#include "base/child.h"
#include "base/error.h"
#include "base/files.h"

namespace {

using namespace ejf;

constexpr std::string_view k_marker = "-----BEGIN CONTENT-----";
constexpr std::size_t k_most_source = std::size_t{1} << 30;
constexpr const char* k_directory = "source";
constexpr const char* k_usual_command = "./build";

struct Order {
  std::string source;
  std::string destination;
  std::string language;
  std::string command;
  std::string status;  ///< file for the properties of the executable; empty: none
};

void print_help() {
  std::puts(
      "Usage: ej-vcs-compile SRC DST LANG [BUILDCMD [STATUS]]\n"
      "Unpacks the archive (base64 of tar.bz2) that follows the line -----BEGIN CONTENT----- in SRC, enters its\n"
      "directory `source` and executes BUILDCMD (./build) with LANG, the directory where it was started, DST and, if\n"
      "it is given, STATUS.\n\n"
      "  --help  show this");
}

Order parse_arguments(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() < 3 || words.size() > 5) {
    throw UsageError("usage: ej-vcs-compile SRC DST LANG [BUILDCMD [STATUS]]");
  }
  Order order{words[0], words[1], words[2], k_usual_command, {}};
  if (words.size() > 3 && !words[3].empty()) order.command = words[3];
  if (words.size() > 4) order.status = words[4];
  return order;
}

std::string archive_of(const std::string& source) {
  const std::string text = read_file(source, k_most_source);
  const auto marker = text.find(k_marker);
  if (marker == std::string::npos) throw Error(source + ": has no line " + std::string{k_marker});
  auto archive = decode_base64(std::string_view{text}.substr(marker + k_marker.size()));
  if (!archive) {
    throw Error(source + (archive.error() == Base64Error::cut ? ": the base64 text is cut" : ": is no base64 text"));
  }
  if (archive->empty()) throw Error(source + ": holds no archive");
  return std::move(*archive);
}

/// As a shell would find it.
std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream directories(path != nullptr ? path : "/usr/bin:/bin");
  for (std::string directory; std::getline(directories, directory, ':');) {
    directory.append("/").append(name);
    if (::access(directory.c_str(), X_OK) == 0) return directory;
  }
  throw Error(name + ": not found");
}

/// The archive is a file in memory, not a pipe: there is nobody who would have to write while tar reads.
void unpack(const std::string& archive) {
  const UniqueFd file = make_memory_file("archive", archive);
  ChildSpec spec;
  spec.program = find_program("tar");
  spec.argv = {"tar", "-xjf", "-", "--no-same-owner"};
  spec.env = current_environment();
  spec.fds = {{file.get(), STDIN_FILENO}, {STDOUT_FILENO, STDOUT_FILENO}, {STDERR_FILENO, STDERR_FILENO}};
  const int status = Child(spec).wait();
  if (WIFSIGNALED(status)) throw Error("tar was terminated by signal " + std::to_string(WTERMSIG(status)));
  if (WEXITSTATUS(status) != 0) throw Error("tar failed with exit code " + std::to_string(WEXITSTATUS(status)));
}

std::string working_directory() {
  std::array<char, PATH_MAX> path{};
  if (::getcwd(path.data(), path.size()) == nullptr) throw SysError("find out", "the working directory");
  return path.data();
}

[[noreturn]] void build(const Order& order) {
  std::vector<std::string> words = {order.command, order.language, working_directory(), order.destination};
  if (!order.status.empty()) words.push_back(order.status);
  if (::chdir(k_directory) != 0) throw SysError("enter the directory", k_directory);
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  throw SysError("execute", order.command);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 2 && std::strcmp(argv[1], "--help") == 0) {
      print_help();
      return 0;
    }
    const Order order = parse_arguments(argc, argv);
    unpack(archive_of(order.source));
    build(order);
  } catch (const std::exception& error) {
    static_cast<void>(std::fprintf(stderr, "ej-vcs-compile: %s\n", error.what()));
    return 1;
  }
}
