// SPDX-License-Identifier: Apache-2.0
#include "tools/options.h"

#include <fmt/format.h>

#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <cstdio>
#include <sstream>

#include "base/error.h"

namespace ejf::tools {

namespace po = boost::program_options;

namespace {
constexpr const char* k_words = "words";
}  // namespace

po::options_description site_options() {
  po::options_description options("Where the server is");
  auto add = options.add_options();
  add("spool-dir", po::value<std::string>(), "compile spool; an empty value selects the legacy layout");
  add("queue", po::value<std::string>(), "compile server (queue) id; else EJ_COMPILE_SERVER_ID, else the host's name");
  add("ejudge-xml", po::value<std::string>(), "ejudge.xml");
  add("contests-home-dir", po::value<std::string>(), "contests home directory");
  add("local-dir", po::value<std::string>(), "directory for this machine's own files");
  add("settings", po::value<std::string>(), "ejforge.ini");
  add("config", po::value<std::string>(), "compile.cfg");
  return options;
}

bool parse(const Arguments& arguments, const std::string& usage, const po::options_description& described,
           po::variables_map& values) {
  po::options_description shown;
  shown.add(described);
  shown.add_options()("help", "print this text");
  po::options_description all;
  all.add(shown);
  all.add_options()(k_words, po::value<Arguments>()->default_value({}, ""), "");
  po::positional_options_description positional;
  positional.add(k_words, -1);
  try {
    po::store(po::command_line_parser(arguments).options(all).positional(positional).run(), values);
    po::notify(values);
  } catch (const po::error& error) {
    throw UsageError(fmt::format("{}\nUsage: {}", error.what(), usage));
  }
  if (values.count("help") == 0) return false;
  std::ostringstream text;
  text << shown;
  fmt::print("Usage: {}\n{}", usage, text.str());
  return true;
}

const Arguments& words(const po::variables_map& values) {
  return values[k_words].as<Arguments>();
}

std::string value_of(const po::variables_map& values, const std::string& name) {
  return values.count(name) != 0 ? values[name].as<std::string>() : std::string{};
}

server::Options server_options(const po::variables_map& values) {
  auto optional = [&](const char* name) -> std::optional<std::string> {
    if (values.count(name) == 0) return {};
    return values[name].as<std::string>();
  };
  server::Options options;
  options.site.spool_dir = optional("spool-dir");
  options.site.ejudge_xml = optional("ejudge-xml");
  options.site.contests_home_dir = optional("contests-home-dir");
  options.site.local_dir = optional("local-dir");
  options.site.settings = optional("settings");
  options.site.compile_cfg = optional("config");
  options.queue_id = optional("queue");
  return options;
}

}  // namespace ejf::tools
