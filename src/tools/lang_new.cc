// SPDX-License-Identifier: Apache-2.0
// ejforge lang new NAME: the two templates of a language of the site's own.
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "base/atomic_file.h"
#include "base/build_info.h"
#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "config/site.h"
#include "lang/own_language.h"
#include "lang/variants.h"
#include "tools/lang_command.h"
#include "tools/options.h"

namespace ejf::tools {

namespace {

namespace po = boost::program_options;

constexpr const char* k_usage = "ejforge lang new NAME [OPTIONS]";
constexpr std::size_t k_max_hello = 64U << 10;
constexpr std::size_t k_max_variants = 1U << 20;
constexpr mode_t k_template_mode = 0644;
constexpr mode_t k_directory_mode = 0775;  // as ejudge-configure-compilers makes the directory of scripts

po::options_description describe_options() {
  const lang::OwnLanguage usual;
  po::options_description options("The language");
  auto add = options.add_options();
  add("compiler", po::value<std::string>(), "name or path of the compiler; else the name of the language");
  add("interpreter", "it is an interpreter: the source becomes the executable");
  add("suffix", po::value<std::string>(), "suffix of sources; else a dot and the name");
  add("long-name", po::value<std::string>(), "what contestants see, without a version; else the name");
  add("flags", po::value<std::string>(), "options of the compiler unless a contest sets EJUDGE_FLAGS");
  add("version-option", po::value<std::string>()->default_value(usual.version_option),
      "by which the compiler tells its version");
  add("hello", po::value<std::string>(), "a program that prints OK, to try the compiler with");
  po::options_description place("Where the templates go");
  auto add_place = place.add_options();
  add_place("dir", po::value<std::string>(), "this directory; else compile/scripts/in of the contests home");
  add_place("force", "also if there is such a language; templates stay as NAME.in.old");
  add_place("contests-home-dir", po::value<std::string>(), "contests home directory");
  add_place("ejudge-xml", po::value<std::string>(), "ejudge.xml");
  add_place("settings", po::value<std::string>(), "ejforge.ini");
  options.add(place);
  return options;
}

lang::OwnLanguage described_language(const po::variables_map& values, const std::string& name) {
  lang::OwnLanguage language;
  language.name = name;
  language.long_name = value_of(values, "long-name");
  language.suffix = value_of(values, "suffix");
  language.compiler = value_of(values, "compiler");
  language.flags = value_of(values, "flags");
  language.version_option = value_of(values, "version-option");
  language.is_interpreted = values.count("interpreter") != 0;
  if (values.count("hello") != 0) language.hello = read_file(value_of(values, "hello"), k_max_hello);
  return language;
}

/// The site's directory of scripts; that of templates is below it. Both are made, but not the home that they are part
/// of.
std::string make_site_directory(const po::variables_map& values) {
  config::SiteOptions wanted = server_options(values).site;
  config::Diagnostics diagnostics;
  const config::Site site = config::load_site(wanted, diagnostics).site;
  diagnostics.throw_if_errors();
  std::string scripts = absolute_below(std::filesystem::current_path().string(), site.script_dir.value);
  std::string above = std::filesystem::path(scripts).parent_path().string();
  if (::access(above.c_str(), F_OK) != 0) {
    throw Error(fmt::format("there is no {}; --contests-home-dir or --dir says where the templates belong", above));
  }
  make_directory(scripts, k_directory_mode);
  make_directory(scripts + "/in", k_directory_mode);
  return scripts;
}

bool has_variant(const std::string& file, const std::string& name) {
  if (::access(file.c_str(), R_OK) != 0) return false;
  std::vector<std::string> problems;
  const auto variants = lang::parse_variants(read_file(file, k_max_variants), file, problems);
  return std::any_of(variants.begin(), variants.end(), [&](const auto& variant) { return variant.name == name; });
}

/// Whatever else has this name: its scripts would be replaced.
std::vector<std::string> find_present(const std::string& name, const std::vector<std::string>& template_dirs,
                                      const std::string& script_dir) {
  std::vector<std::string> present;
  for (const auto& base : {name + "-version", name}) {
    for (const auto& directory : template_dirs) present.push_back(fmt::format("{}/{}.in", directory, base));
    if (!script_dir.empty()) present.push_back(fmt::format("{}/{}", script_dir, base));
  }
  std::erase_if(present, [](const std::string& path) { return ::access(path.c_str(), F_OK) != 0; });
  for (const auto& file : {fmt::format("{}/variants.cfg", build_info::lang_dir()), script_dir + "/variants.cfg"}) {
    if (has_variant(file, name)) present.push_back(file);
  }
  return present;
}

/// A part that many languages share (ejf-lang, runjava) is no language; all of them would get what was meant for one.
bool is_shared_part(const std::string& name, const std::string& template_dir) {
  auto is_there = [&](const char* suffix) {
    return ::access(fmt::format("{}/{}{}", template_dir, name, suffix).c_str(), F_OK) == 0;
  };
  return is_there(".in") && !is_there("-version.in");
}

void write_template(int dir, const std::string& name, const std::string& text) {
  AtomicFile file(dir, name, k_template_mode);
  file.write(text);
  try_rename_at(dir, name, dir, name + ".old");
  file.commit();
}

/// The configurator's way to say where the site is.
std::string configurator_options(const po::variables_map& values) {
  std::string options;
  for (const auto& [given, its] : {std::pair{"contests-home-dir", "enable-contests-home-dir"},
                                   std::pair{"ejudge-xml", "enable-ejudge-xml"}, std::pair{"settings", "settings"}}) {
    if (values.count(given) != 0) options += fmt::format(" --{}={}", its, value_of(values, given));
  }
  return options;
}

void print_next_steps(const std::string& name, const std::string& site_options) {
  fmt::print("Next:\n");
  fmt::print("  1. find the compiler, number the language:  ejudge-configure-compilers --batch --only={}{}\n", name,
             site_options);
  fmt::print("  2. let the server know:  ej-compile-control restart\n");
  fmt::print("  3. activate the language in the settings of a contest (serve-control)\n");
}

}  // namespace

int run_lang_new(const Arguments& arguments) {
  const po::options_description options = describe_options();
  po::variables_map values;
  if (parse(arguments, k_usage, options, values)) return k_done;
  if (words(values).size() != 1) throw UsageError(fmt::format("Usage: {}", k_usage));
  const std::string name = words(values)[0];
  const auto templates = lang::make_own_templates(described_language(values, name));
  if (!templates) throw UsageError(templates.error());
  const std::string installed = fmt::format("{}/in", build_info::lang_dir());
  if (is_shared_part(name, installed)) {
    throw UsageError(fmt::format("{} is the name of a part that languages of ejforge share", name));
  }

  std::string directory = value_of(values, "dir");
  std::string scripts;
  if (directory.empty()) {
    scripts = make_site_directory(values);
    directory = scripts + "/in";
  }
  const auto present = find_present(name, {directory, installed}, scripts);
  if (!present.empty() && values.count("force") == 0) {
    fmt::print(stderr, "ejforge: there is a language {} already: {}\n", name, fmt::join(present, ", "));
    fmt::print(stderr, "ejforge: --force writes the templates all the same; they go before the installed ones\n");
    return k_asked_about_failed;
  }
  const UniqueFd dir = open_directory(directory);
  write_template(dir.get(), name + "-version.in", templates->version_script);
  write_template(dir.get(), name + ".in", templates->compile_script);
  fmt::print("wrote {0}/{1}-version.in and {0}/{1}.in\n", directory, name);
  print_next_steps(name, configurator_options(values));
  return k_done;
}

}  // namespace ejf::tools
