// SPDX-License-Identifier: Apache-2.0
#include "lang/samples.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <utility>

#include "base/files.h"
#include "base/text.h"
#include "config/shell_cfg.h"
#include "lang/variants.h"

namespace ejf::lang {

namespace {

constexpr std::size_t k_max_file = std::size_t{1} << 20;

bool is_file(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

/// Empty when there is no such file.
std::string read_if_there(const std::string& path) {
  auto file = try_open_at(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  return file ? read_all(file->get(), k_max_file, path) : std::string{};
}

std::map<std::string, std::string> read_pairs(const std::string& path, std::vector<std::string>& problems) {
  std::map<std::string, std::string> pairs;
  auto parsed = config::ShellCfg::parse(read_if_there(path), path);
  if (!parsed) {
    problems.push_back(parsed.error().text());
    return pairs;
  }
  for (const auto& [name, value] : parsed->variables()) pairs.emplace(name, value);
  return pairs;
}

std::optional<WrongProgram> parse_wrong(std::string_view word) {
  if (word == "refused") return WrongProgram::refused;
  if (word == "refused-on-request") return WrongProgram::refused_on_request;
  if (word == "fails-when-run") return WrongProgram::fails_when_run;
  return {};
}

/// False for a word that means nothing.
bool apply_input(SampleNotes& notes, std::string_view word) {
  if (word == "one-digit") {
    notes.second = Exchange{"4 5\n", "9"};
  } else if (word == "none") {
    notes.second.reset();
  } else if (word == "cannot-run") {
    notes.can_run = false;
  } else {
    return word.empty();
  }
  return true;
}

/// The next field of a line; takes it and its colon from `line`.
std::string_view take_field(std::string_view& line) {
  const std::size_t colon = line.find(':');
  const std::string_view field = trim(line.substr(0, colon));
  line = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
  return field;
}

/// Empty when all is well.
std::string parse_line(std::string_view line, std::string& language, SampleNotes& notes) {
  language = take_field(line);
  if (!is_plain_name(language)) return fmt::format("'{}' is no name of a language", language);
  const std::string_view word = take_field(line);
  const auto wrong = parse_wrong(word);
  if (!wrong) return fmt::format("'{}' is not refused, refused-on-request or fails-when-run", word);
  notes.wrong = *wrong;
  const std::string_view input = take_field(line);
  if (!apply_input(notes, input)) return fmt::format("'{}' is not one-digit, none or cannot-run", input);
  notes.flags = trim(line);
  return {};
}

}  // namespace

std::map<std::string, SampleNotes> parse_sample_notes(std::string_view text, const std::string& path,
                                                      std::vector<std::string>& problems) {
  std::map<std::string, SampleNotes> all;
  int number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    line = trim(line);
    if (line.empty() || line[0] == '#') continue;
    std::string language;
    SampleNotes notes;
    std::string mistake = parse_line(line, language, notes);
    if (mistake.empty()) {
      all.insert_or_assign(language, std::move(notes));
    } else {
      problems.push_back(fmt::format("{}:{}: {}", path, number, mistake));
    }
  }
  return all;
}

SampleLibrary::SampleLibrary(std::vector<std::string> directories, const std::vector<std::string>& variant_files)
    : paths_(std::move(directories)) {
  for (const auto& path : paths_) directories_.push_back(read_directory(path));
  // Who makes scripts of these files reports their mistakes.
  std::vector<std::string> mistakes;
  for (const auto& path : variant_files) {
    for (const auto& variant : parse_variants(read_if_there(path), path, mistakes)) {
      bases_.emplace(variant.name, variant.base);
    }
  }
}

SampleLibrary::Directory SampleLibrary::read_directory(const std::string& path) {
  Directory directory;
  directory.path = path;
  directory.aliases = read_pairs(absolute_below(path, "aliases.cfg"), problems_);
  directory.runners = read_pairs(absolute_below(path, "runners.cfg"), problems_);
  std::string notes = absolute_below(path, "samples.cfg");
  directory.notes = parse_sample_notes(read_if_there(notes), notes, problems_);
  return directory;
}

std::vector<std::string> SampleLibrary::names_of(const Directory& directory, const std::string& language) const {
  std::vector<std::string> names{language};
  if (auto base = bases_.find(language); base != bases_.end()) names.push_back(base->second);
  for (std::size_t i = names.size(); i-- > 0;) {
    auto alias = directory.aliases.find(names[i]);
    if (alias != directory.aliases.end())
      names.insert(names.begin() + static_cast<std::ptrdiff_t>(i) + 1, alias->second);
  }
  return names;
}

std::string SampleLibrary::find(const std::string& language, std::string_view kind, const std::string& suffix) const {
  for (const auto& directory : directories_) {
    for (const auto& name : names_of(directory, language)) {
      std::string path = absolute_below(directory.path, fmt::format("{}/{}{}", name, kind, suffix));
      if (is_plain_name(name) && is_plain_suffix(suffix) && is_file(path)) return path;
    }
  }
  return {};
}

SampleNotes SampleLibrary::notes(const std::string& language) const {
  for (const auto& directory : directories_) {
    for (const auto& name : names_of(directory, language)) {
      auto found = directory.notes.find(name);
      if (found != directory.notes.end()) return found->second;
    }
  }
  return {};
}

std::optional<std::string> SampleLibrary::runner(const std::string& arch) const {
  if (arch.empty()) return "";
  for (const auto& directory : directories_) {
    auto found = directory.runners.find(arch);
    if (found != directory.runners.end()) return found->second;
  }
  return {};
}

}  // namespace ejf::lang
