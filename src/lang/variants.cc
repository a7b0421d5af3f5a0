// SPDX-License-Identifier: Apache-2.0
#include "lang/variants.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "lang/language_list.h"

namespace ejf::lang {

namespace {

constexpr std::size_t k_max_file = std::size_t{1} << 20;
constexpr std::size_t k_max_name = 31;
constexpr std::string_view k_version = "-version";
constexpr std::string_view k_mark =
    "# Made by ejudge-configure-compilers from a line of variants.cfg. Change it there.\n";

bool is_language_name(std::string_view name) {
  auto is_good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '+' ||
           c == '-';
  };
  return !name.empty() && name.size() <= k_max_name && name[0] != '-' && !name.ends_with(k_version) &&
         std::all_of(name.begin(), name.end(), is_good);
}

/// What a shell takes as it is between single quotes, and lang.d between double ones.
bool is_plain_text(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f' ||
           std::string_view("'\"`$\\@").find(c) != std::string_view::npos;
  });
}

/// The next field of a line; takes it and its colon from `line`.
std::string take_field(std::string_view& line) {
  std::size_t colon = line.find(':');
  std::string field{trim(line.substr(0, colon))};
  line = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
  return field;
}

Variant parse_line(std::string_view line) {
  Variant variant;
  variant.name = take_field(line);
  variant.base = take_field(line);
  variant.long_name = take_field(line);
  variant.tool = take_field(line);
  variant.options = trim(line);
  return variant;
}

/// Empty when all is well.
std::string explain_mistake(const Variant& variant) {
  if (!is_language_name(variant.name)) return fmt::format("'{}' is no name for a language", variant.name);
  if (!is_language_name(variant.base)) return fmt::format("'{}' is no name of a language", variant.base);
  for (const auto& text : {variant.long_name, variant.tool, variant.options}) {
    if (!is_plain_text(text)) return fmt::format("'{}': quotes, $, @, ` and \\ are not allowed", text);
  }
  if (variant.tool.find(' ') != std::string::npos) {
    return fmt::format("'{}': a compiler is one word; its options come behind the next colon", variant.tool);
  }
  return {};
}

/// Empty when there is no such file.
std::string read_if_there(const std::string& path) {
  auto file = try_open_at(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  return file ? read_all(file->get(), k_max_file, path) : std::string{};
}

std::string make_script(const Variant& variant, bool is_of_installation, std::string_view suffix) {
  return fmt::format(
      "#!/bin/sh\n{}ejf_variant='{}'\nejf_variant_name='{}'\nejf_variant_tool='{}'\nejf_variant_options='{}'\n"
      "ejf_variant_flags='{}'\n. \"${{0%/*}}/{}{}\"\n",
      k_mark, variant.name, variant.long_name, variant.tool, variant.options,
      is_of_installation ? "default_disabled" : "", variant.base, suffix);
}

std::string make_obituary(const std::string& name) {
  return fmt::format(
      "#!/bin/sh\n{}# It is no longer there.\ncase ${{1-}} in\n-l) echo '{} (no longer in variants.cfg)' ;;\n"
      "-v | -r) echo 'version='; exit 1 ;;\n*) echo 'This language is not supported.' >&2; exit 1 ;;\nesac\n",
      k_mark, name);
}

class Collector {
 public:
  explicit Collector(std::vector<TemplateFile>& templates) : templates_(templates) {
    for (const auto& source : templates) sources_.emplace(source.name, source.path);
  }

  void add_file(const std::string& path, bool is_of_installation) {
    for (const auto& variant : parse_variants(read_if_there(path), path, problems_)) {
      // Of two lines about one name, the first counts: the site's.
      if (!names_.insert(variant.name).second) continue;
      std::string refusal = explain_refusal(variant);
      if (refusal.empty()) {
        for (std::string_view suffix : {std::string_view{}, k_version}) {
          templates_.push_back(
              {variant.name + std::string{suffix}, path, make_script(variant, is_of_installation, suffix)});
        }
      } else {
        problems_.push_back(fmt::format("{}: {}: {}", path, variant.name, refusal));
      }
    }
  }

  void add_obituaries(const std::string& script_dir) {
    for (const auto& language : find_languages(script_dir)) {
      std::string script = language + std::string{k_version};
      if (names_.contains(language) || sources_.contains(script)) continue;
      std::string path = absolute_below(script_dir, script);
      if (read_if_there(path).find(k_mark) == std::string::npos) continue;
      templates_.push_back({script, path, make_obituary(language)});
    }
  }

  std::vector<std::string> take_problems() { return std::move(problems_); }

 private:
  /// Why its scripts cannot be made; empty when they can.
  std::string explain_refusal(const Variant& variant) const {
    if (sources_.contains(variant.name) || sources_.contains(variant.name + std::string{k_version})) {
      return "there is a language of that name already";
    }
    if (!includes(variant.base, "/ejf-lang\"") || !includes(variant.base + std::string{k_version}, "/ejf-probe\"")) {
      return fmt::format("there is no language '{}' that can have variants", variant.base);
    }
    return {};
  }

  /// Scripts that do not come from here know nothing of variants.
  bool includes(const std::string& name, std::string_view library) const {
    auto source = sources_.find(name);
    return source != sources_.end() && read_if_there(source->second).find(library) != std::string::npos;
  }

  std::vector<TemplateFile>& templates_;
  std::map<std::string, std::string> sources_;
  std::set<std::string> names_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<Variant> parse_variants(std::string_view text, const std::string& path,
                                    std::vector<std::string>& problems) {
  std::vector<Variant> variants;
  int number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    line = trim(line);
    if (line.empty() || line[0] == '#') continue;
    Variant variant = parse_line(line);
    std::string mistake = explain_mistake(variant);
    if (mistake.empty()) {
      variants.push_back(std::move(variant));
    } else {
      problems.push_back(fmt::format("{}:{}: {}", path, number, mistake));
    }
  }
  return variants;
}

std::vector<std::string> add_variants(std::vector<TemplateFile>& templates, const VariantFiles& files) {
  Collector collector(templates);
  collector.add_file(files.site, false);
  collector.add_file(files.installation, true);
  collector.add_obituaries(files.script_dir);
  return collector.take_problems();
}

}  // namespace ejf::lang
