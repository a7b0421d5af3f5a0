// SPDX-License-Identifier: Apache-2.0
#include "compile/test_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/text.h"
#include "compile/named_paths.h"
#include "compile/variables.h"

namespace ejf::compile {

namespace {

constexpr std::size_t k_max_info = 1U << 20;

std::string message_of(int error) {
  return std::generic_category().message(error);
}

}  // namespace

Result<TestDirectory, std::string> TestDirectory::open(const Job& job) {
  TestDirectory directory(job);
  std::string problem = directory.check();
  if (!problem.empty()) return tl::unexpected(std::move(problem));
  return directory;
}

std::string TestDirectory::check() {
  const auto& request = job_->request;
  const std::string& path = request.header_dir;
  if (path.empty()) return "'header_dir' parameter is not specified\n";
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) throw_if_machine_fault("look at", path);
  if (info.st_mode == 0) return fmt::format("header_dir directory '{}' does not exist\n", path);
  if (!S_ISDIR(info.st_mode)) return fmt::format("header_dir '{}' is not directory\n", path);
  if (!is_below_a_root(path, job_->workshop.request_roots)) {
    return fmt::format("header_dir '{}' lies below none of the directories that requests may name\n", path);
  }
  for (auto [text, pattern] : std::initializer_list<std::pair<const std::string*, HeaderPattern*>>{
           {&request.header_pat, &header_}, {&request.footer_pat, &footer_}, {&request.compiler_env_pat, &info_}}) {
    auto parsed = HeaderPattern::parse(*text);
    if (!parsed) return parsed.error() + "\n";
    *pattern = std::move(*parsed);
  }
  if (request.lang_header <= 0) return {};
  for (const std::string* name :
       {&request.lang_short_name, &job_->recipe->multi_header_suffix, &job_->recipe->short_name}) {
    if (language_part_.empty() && !name->empty()) language_part_ = "." + *name;
  }
  if (is_plain_suffix(language_part_)) return {};
  return fmt::format("the language's part of the file names, '{}', is not a plain suffix\n", escape_c(language_part_));
}

bool TestDirectory::has_numbers() const {
  return header_.has_number() || footer_.has_number() || info_.has_number();
}

std::string TestDirectory::path_of(std::string_view name, const std::string& suffix) const {
  return fmt::format("{}/{}{}{}", job_->request.header_dir, name, language_part_, suffix);
}

std::optional<TestFiles> TestDirectory::read(int serial) const {
  const std::string& suffix = job_->recipe->src_sfx;
  // A file that all tests share says nothing about how many there are.
  auto is_there = [&](const HeaderPattern& pattern, const std::string& sfx) {
    if (pattern.empty() || pattern.has_number() != has_numbers()) return false;
    const std::string path = path_of(pattern.expand(serial), sfx);
    if (::access(path.c_str(), R_OK) == 0) return true;
    throw_if_machine_fault("look for", path);  // it would be taken for the end of the tests
    return false;
  };
  if (!is_there(header_, suffix) && !is_there(footer_, suffix) && !is_there(info_, "")) return {};

  TestFiles files;
  read_info(serial, files);
  read_part("header", header_, serial, files.header, files.problem);
  read_part("footer", footer_, serial, files.footer, files.problem);
  return files;
}

void TestDirectory::read_info(int serial, TestFiles& files) const {
  if (info_.empty()) return;
  const std::string path = path_of(info_.expand(serial), "");
  auto text = read_file_of("compiler env", path);
  if (!text) {
    files.problem = text.error();
    return;
  }
  auto parsed = config::parse_test_info(
      *text, [this](std::string_view name) { return variable_text(job_->request, *job_->recipe, name); });
  if (parsed) {
    files.info = std::move(*parsed);
  } else {
    files.problem =
        fmt::format("invalid env file '{}'\nline {}: {}\n", path, parsed.error().line, parsed.error().message);
  }
}

void TestDirectory::read_part(std::string_view kind, const HeaderPattern& pattern, int serial, std::string& text,
                              std::string& problem) const {
  if (pattern.empty() || !problem.empty()) return;
  auto content = read_file_of(kind, path_of(pattern.expand(serial), job_->recipe->src_sfx));
  if (content) {
    text = std::move(*content);
  } else {
    problem = content.error();
  }
}

Result<std::string, std::string> TestDirectory::read_stub(const std::string& name) const {
  return read_file_of("source stub", path_of(name, job_->recipe->src_sfx));
}

Result<std::string, std::string> TestDirectory::read_file_of(std::string_view kind, const std::string& path) const {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    throw_if_machine_fault("look at", path);
    return tl::unexpected(fmt::format("{} file '{}' does not exist: {}\n", kind, path, message_of(errno)));
  }
  if (!S_ISREG(info.st_mode)) return tl::unexpected(fmt::format("{} file '{}' is not regular\n", kind, path));
  UniqueFd file = open_named_file(path, job_->workshop.request_roots);
  if (!file) {
    return tl::unexpected(fmt::format("{} file '{}' is not readable: {}\n", kind, path, message_of(errno)));
  }
  try {
    return read_all(file.get(), kind == "compiler env" ? k_max_info : job_->workshop.max_source_size, path);
  } catch (const Error& error) {
    if (is_fault(error)) throw;
    log::error("{}", error.what());
    return tl::unexpected(fmt::format("failed to read file '{}'\n", path));
  }
}

}  // namespace ejf::compile
