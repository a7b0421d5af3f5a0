// SPDX-License-Identifier: Apache-2.0
// ejforge doctor
#include "tools/doctor.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <iterator>

#include "base/error.h"
#include "base/text.h"
#include "tools/commands.h"
#include "tools/options.h"
#include "tools/printable.h"

namespace ejf::tools {

namespace {

namespace json = boost::json;
namespace po = boost::program_options;

constexpr const char* k_usage = "ejforge doctor [OPTIONS]";

struct Section {
  const char* name;
  DoctorFindings findings;

  std::size_t count(Health health) const {
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(), [&](const auto& each) { return each.health == health; }));
  }
};

std::vector<Section> examine(const server::Options& options) {
  Section jail{"jail", {}};
  Section toolchains{"toolchains", {}};
  Section site{"site", {}};
  std::string socket;
  look(site.findings, "edit the file; 'ej-compile --print-config' shows what is in force", [&] {
    config::Diagnostics diagnostics;
    const server::Configuration configuration = server::load_configuration(options, diagnostics);
    socket = configuration.settings.jail_socket;
    DoctorFindings findings = examine_configuration(configuration, diagnostics);
    look(toolchains.findings, "ejudge-configure-compilers", [&] { return examine_toolchains(configuration); });
    look(findings, "run it as the server's user, or as root",
         [&] { return examine_spool(server::load_place(options), configuration); });
    return findings;
  });
  look(jail.findings, "", [&] { return examine_jail(socket); });
  if (toolchains.findings.empty()) {
    toolchains.findings.push_back({Health::warn, "no language is configured", "ejudge-configure-compilers"});
  }
  return {std::move(jail), std::move(toolchains), std::move(site)};
}

std::string state_of(Health health, bool colours) {
  struct State {
    const char* name;
    int colour;
  };
  constexpr State k_states[] = {{"ok", 32}, {"warn", 33}, {"FAIL", 31}};
  const State& state = k_states[static_cast<std::size_t>(health)];
  const std::string padded = fmt::format("{:<4}", state.name);
  return colours ? fmt::format("\x1b[{}m{}\x1b[0m", state.colour, padded) : padded;
}

std::string format_sections(const std::vector<Section>& sections, bool colours) {
  std::string text;
  for (const Section& section : sections) {
    text += fmt::format("{}{}\n", text.empty() ? "" : "\n", section.name);
    for (const auto& [health, what, mend] : section.findings) {
      text += fmt::format("  {}  {}\n", state_of(health, colours), harmless(what));
      if (!mend.empty()) text += fmt::format("        mend it: {}\n", harmless(mend));
    }
  }
  return text;
}

json::object sections_json(const std::vector<Section>& sections) {
  json::array findings;
  for (const Section& section : sections) {
    for (const auto& [health, what, mend] : section.findings) {
      constexpr const char* k_states[] = {"ok", "warn", "fail"};
      findings.push_back(json::object{{"section", section.name},
                                      {"state", k_states[static_cast<std::size_t>(health)]},
                                      {"what", as_utf8(what)},
                                      {"mend", as_utf8(mend)}});
    }
  }
  return {{"findings", std::move(findings)}};
}

std::size_t count_all(const std::vector<Section>& sections, Health health) {
  std::size_t count = 0;
  for (const Section& section : sections) count += section.count(health);
  return count;
}

}  // namespace

void look(DoctorFindings& findings, const std::string& mend, const std::function<DoctorFindings()>& examine) {
  try {
    DoctorFindings more = examine();
    findings.insert(findings.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  } catch (const ConfigError& error) {
    for (std::string_view line : split(error.what(), '\n')) {
      if (!line.empty()) findings.push_back({Health::fail, std::string{line}, mend});
    }
  } catch (const Error& error) {
    findings.push_back({Health::fail, error.what(), mend});
  }
}

int run_doctor(const Arguments& arguments) {
  po::options_description options = site_options();
  options.add_options()("json", "print JSON");
  po::variables_map values;
  if (parse(arguments, k_usage, options, values)) return k_done;
  if (!words(values).empty()) throw UsageError(std::string{"Usage: "} + k_usage);

  const std::vector<Section> sections = examine(server_options(values));
  const std::size_t failed = count_all(sections, Health::fail);
  const std::size_t warned = count_all(sections, Health::warn);
  if (values.count("json") != 0) {
    json::object object = sections_json(sections);
    object["failed"] = failed;
    object["warned"] = warned;
    fmt::print("{}\n", json::serialize(object));
  } else {
    const bool colours = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
    fmt::print("{}\n{} to mend, {} to look at\n", format_sections(sections, colours), failed, warned);
  }
  if (sections.front().count(Health::fail) != 0) return k_machine_at_fault;
  return failed == 0 ? k_done : k_asked_about_failed;
}

}  // namespace ejf::tools
