// SPDX-License-Identifier: Apache-2.0
#include "config/ejudge_xml.h"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "config/charset.h"

namespace ejf::config {

namespace {

constexpr std::size_t k_max_file = std::size_t{16} << 20;
constexpr int k_max_parallelism = 128;

/// The encoding that <?xml ... encoding="..."?> declares; empty if there is none, or if the text is not made of bytes
/// that contain ASCII (UTF-16 and UTF-32 are left to pugixml, which tells them by their first bytes).
std::string_view declared_encoding(std::string_view text) {
  if (!text.starts_with("<?xml")) return {};
  std::string_view declaration = text.substr(0, text.find("?>"));
  const auto at = declaration.find("encoding");
  if (at == std::string_view::npos) return {};
  declaration = trim(declaration.substr(at + std::string_view("encoding").size()));
  if (!declaration.starts_with('=')) return {};
  declaration = trim(declaration.substr(1));
  if (declaration.empty() || (declaration.front() != '"' && declaration.front() != '\'')) return {};
  return declaration.substr(1, declaration.find(declaration.front(), 1) - 1);
}

class Parser {
 public:
  Parser(std::string_view text, const std::string& file) : file_(file) { load(text); }

  EjudgeXml parse() const {
    const pugi::xml_node root = document_.document_element();
    if (std::string_view(root.name()) != "config") {
      throw ConfigError(fmt::format("{}: not an ejudge.xml: its root is <{}>, not <config>", file_, root.name()));
    }
    EjudgeXml xml;
    xml.file = file_;
    xml.contests_home_dir = trim(root.child("contests_home_dir").text().get());
    xml.compile_home_dir = trim(root.child("compile_home_dir").text().get());
    xml.has_compile_home_dir = !xml.compile_home_dir.empty();
    if (!xml.has_compile_home_dir && !xml.contests_home_dir.empty()) {
      xml.compile_home_dir = xml.contests_home_dir + "/compile";
    }
    xml.enable_compile_container = parse_bool(root, "enable_compile_container");
    for (const pugi::xml_node options : root.children("hosts_options")) {
      for (const pugi::xml_node host : options.children("host")) xml.hosts.push_back(parse_host(host));
    }
    return xml;
  }

 private:
  void load(std::string_view text) {
    const std::string_view encoding = declared_encoding(text);
    text_ = text;
    if (!encoding.empty() && !is_utf8_charset(encoding)) {
      auto converted = convert_charset(text, encoding, "UTF-8");
      if (!converted) throw ConfigError(fmt::format("{}: {}", file_, converted.error().message));
      text_ = *std::move(converted);
    }
    const auto coding = encoding.empty() ? pugi::encoding_auto : pugi::encoding_utf8;
    const pugi::xml_parse_result result =
        document_.load_buffer(text_.data(), text_.size(), pugi::parse_default, coding);
    if (!result) throw ConfigError(fmt::format("{}:{}: {}", file_, line_at(result.offset), result.description()));
  }

  int line_at(std::ptrdiff_t offset) const {
    if (offset < 0 || offset > std::ssize(text_)) return 0;
    return 1 + static_cast<int>(std::count(text_.begin(), text_.begin() + offset, '\n'));
  }

  bool parse_bool(pugi::xml_node node, const char* name) const {
    const std::string value{trim(node.attribute(name).value())};
    if (value == "1" || value == "yes" || value == "true") return true;
    if (value.empty() || value == "0" || value == "no" || value == "false") return false;
    throw ConfigError(
        fmt::format("{}:{}: '{}': '{}' is not yes or no", file_, line_at(node.offset_debug()), name, value));
  }

  EjudgeXml::Host parse_host(pugi::xml_node node) const {
    EjudgeXml::Host host;
    host.name = node.attribute("name").value();
    host.line = line_at(node.offset_debug());
    for (const pugi::xml_node option : node.children("option")) {
      host.options.emplace_back(option.attribute("name").value(), option.attribute("value").value());
    }
    return host;
  }

  const std::string& file_;
  std::string text_;  ///< as pugixml got it, for line numbers
  pugi::xml_document document_;
};

}  // namespace

std::optional<std::string> EjudgeXml::Host::find(std::string_view option) const {
  for (const auto& [key, value] : options) {
    if (key == option) return value;
  }
  return {};
}

int EjudgeXml::compile_parallelism(const std::vector<std::string>& host_names) const {
  for (const Host& host : hosts) {
    const bool matches =
        host.name == "*" || std::find(host_names.begin(), host_names.end(), host.name) != host_names.end();
    const auto value = matches ? host.find("compile_parallelism") : std::nullopt;
    if (!value) continue;
    const std::string_view text = trim(*value);
    if (text.empty()) return 1;
    const auto number = parse_decimal(text);
    if (!number || *number < 0 || *number > k_max_parallelism) {
      throw ConfigError(fmt::format("{}:{}: 'compile_parallelism' of host '{}': '{}' is not a number in 0..{}", file,
                                    host.line, host.name, text, k_max_parallelism));
    }
    return static_cast<int>(*number);
  }
  return 1;
}

EjudgeXml load_ejudge_xml(const std::string& path) {
  return parse_ejudge_xml(read_file(path, k_max_file), path);
}

EjudgeXml parse_ejudge_xml(std::string_view text, const std::string& file) {
  return Parser(text, file).parse();
}

}  // namespace ejf::config
