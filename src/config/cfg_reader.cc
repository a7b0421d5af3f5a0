// SPDX-License-Identifier: Apache-2.0
#include "config/cfg_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "config/charset.h"

namespace ejf::config {

namespace {

constexpr std::size_t k_max_file = std::size_t{16} << 20;
constexpr std::size_t k_max_nesting = 32;
/// A file that includes two others twice each, and so on, is stopped here.
constexpr std::size_t k_max_files = 1000;

/// One @if that is open.
struct Branch {
  int line = 0;
  bool outer = true;    ///< the lines around it count
  bool active = false;  ///< the lines in it count now
  bool taken = false;   ///< a branch was chosen already
  bool has_else = false;
};

struct OpenFile {
  std::string name;
  std::string charset;  ///< empty: nothing to convert
  int line = 0;
  std::vector<Branch> branches;

  bool active() const { return branches.empty() || branches.back().active; }
};

std::string directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string{} : path.substr(0, std::max<std::size_t>(slash, 1));
}

class Reader {
 public:
  Reader(const CfgVariables& variables, const CfgSource& source, Diagnostics& diagnostics)
      : variables_(variables), source_(source), diagnostics_(diagnostics) {}

  void read(std::string_view text, const std::string& file) {
    ++files_read_;
    open_.push_back({.name = file, .charset = {}, .line = 0, .branches = {}});
    for (std::string_view line : split_cfg_lines(text)) {
      if (++here().line == 1) set_charset(without_line_end(line));
      read_line(without_line_end(line));
    }
    for (const Branch& branch : here().branches) diagnostics_.error(file, branch.line, "this '@if' has no '@endif'");
    open_.pop_back();
  }

  std::vector<CfgStatement> take() { return std::move(statements_); }

 private:
  OpenFile& here() { return open_.back(); }

  void complain(std::string message) { diagnostics_.error(here().name, here().line, std::move(message)); }

  void set_charset(std::string_view line) {
    const std::string_view coding = cfg_coding(line);
    if (coding.empty() || is_utf8_charset(coding)) return;
    if (auto probe = convert_charset("", coding, "UTF-8"); !probe) {
      complain(probe.error().message);
    } else {
      here().charset = coding;
    }
  }

  void read_line(std::string_view line) {
    // What stands in a branch not taken need not even be well-formed, but for directives.
    const bool is_directive = trim(line).starts_with('@');
    if (!here().active() && !is_directive) return;
    auto parsed = parse_cfg_line(line);
    if (!parsed) return complain(std::move(parsed.error().message));
    switch (parsed->kind) {
      case CfgLine::Kind::blank:
      case CfgLine::Kind::comment:
        return;
      case CfgLine::Kind::directive:
        return read_directive(*parsed);
      case CfgLine::Kind::section:
        return add(CfgStatement::Kind::section, *parsed);
      case CfgLine::Kind::parameter:
        return add(CfgStatement::Kind::parameter, *parsed);
    }
  }

  void add(CfgStatement::Kind kind, CfgLine& line) {
    if (!here().charset.empty()) {
      auto converted = convert_charset(line.value, here().charset, "UTF-8");
      if (!converted) return complain(fmt::format("'{}': {}", line.name, converted.error().message));
      line.value = *std::move(converted);
      if (line.value.find('\0') != std::string::npos) return complain(fmt::format("'{}': a zero byte", line.name));
    }
    statements_.push_back({kind, std::move(line.name), std::move(line.value), here().name, here().line});
  }

  void read_directive(const CfgLine& line) {
    if (line.name == "if") return begin_if(line.value);
    if (line.name == "elif") return next_branch(line.value);
    if (line.name == "else" || line.name == "endif") {
      if (!line.value.empty()) return complain(fmt::format("text after '@{}'", line.name));
      return line.name == "else" ? else_branch() : end_if();
    }
    if (!here().active()) return;
    if (line.name == "include") return include(line.value);
    complain(fmt::format("unknown directive '@{}'", line.name));
  }

  bool condition(const std::string& text) {
    auto value = evaluate_cfg_condition(text, variables_);
    if (!value) complain(std::move(value.error().message));
    return value.value_or(false);
  }

  void begin_if(const std::string& text) {
    Branch branch;
    branch.line = here().line;
    branch.outer = here().active();
    branch.active = branch.taken = branch.outer && condition(text);
    here().branches.push_back(branch);
  }

  /// The innermost @if that still may have the directive; empty after a complaint.
  Branch* open_branch(std::string_view directive) {
    if (here().branches.empty()) {
      complain(fmt::format("'@{}' without '@if'", directive));
      return nullptr;
    }
    Branch& branch = here().branches.back();
    if (branch.has_else && directive != "endif") {
      complain(fmt::format("'@{}' after '@else'", directive));
      return nullptr;
    }
    return &branch;
  }

  void next_branch(const std::string& text) {
    Branch* branch = open_branch("elif");
    if (branch == nullptr) return;
    branch->active = branch->outer && !branch->taken && condition(text);
    branch->taken = branch->taken || branch->active;
  }

  void else_branch() {
    Branch* branch = open_branch("else");
    if (branch == nullptr) return;
    branch->has_else = true;
    branch->active = branch->outer && !branch->taken;
  }

  void end_if() {
    if (open_branch("endif") != nullptr) here().branches.pop_back();
  }

  void include(const std::string& path) {
    if (path.empty()) return complain("'@include' without a path");
    const std::string full = absolute_below(directory_of(here().name), path);
    const bool cycle = std::any_of(open_.begin(), open_.end(), [&](const OpenFile& one) { return one.name == full; });
    if (cycle) return complain(fmt::format("'{}' includes itself", full));
    if (open_.size() >= k_max_nesting) return complain("'@include' is nested too deep");
    if (files_read_ >= k_max_files) return complain("too many files are included");
    std::string text;
    try {
      text = source_(full);
    } catch (const Error& error) {
      return complain(fmt::format("cannot include: {}", error.what()));
    }
    read(text, full);
  }

  const CfgVariables& variables_;
  const CfgSource& source_;
  Diagnostics& diagnostics_;
  std::vector<OpenFile> open_;
  std::size_t files_read_ = 0;
  std::vector<CfgStatement> statements_;
};

}  // namespace

CfgSource cfg_files() {
  return [](const std::string& path) { return read_file(path, k_max_file); };
}

std::vector<CfgStatement> read_cfg(std::string_view text, const std::string& file, const CfgVariables& variables,
                                   const CfgSource& source, Diagnostics& diagnostics) {
  Reader reader(variables, source, diagnostics);
  reader.read(text, file);
  return reader.take();
}

}  // namespace ejf::config
