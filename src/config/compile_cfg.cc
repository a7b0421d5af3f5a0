// SPDX-License-Identifier: Apache-2.0
#include "config/compile_cfg.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "config/compile_cfg_keys.h"

namespace ejf::config {

namespace {

constexpr int k_max_sleep_time = 10000;
constexpr std::size_t k_max_short_string = 31;
constexpr int k_default_time_limit = 60;

/// Puts a text into a member; returns what is wrong with it, or nothing.
struct Assign {
  CfgType type;
  const std::string& text;

  std::string operator()(int& to) const {
    const auto number = parse_size(text);
    if (!number || *number < std::numeric_limits<int>::min() || *number > std::numeric_limits<int>::max()) {
      return fmt::format("'{}' is not {}", text, type == CfgType::flag ? "0 or 1" : "a number");
    }
    to = static_cast<int>(*number);
    return {};
  }
  std::string operator()(std::int64_t& to) const {
    const auto number = parse_size(text);
    if (!number || *number < -1) return fmt::format("'{}' is not a size", text);
    to = *number;
    return {};
  }
  std::string operator()(std::string& to) const {
    if (type == CfgType::short_string && text.size() > k_max_short_string) {
      return fmt::format("'{}' is over {} bytes", text, k_max_short_string);
    }
    to = text;
    return {};
  }
  std::string operator()(std::vector<std::string>& to) const {
    to.push_back(text);
    return {};
  }
};

template <typename Owner>
const CfgKey<Owner>* find_key(std::span<const CfgKey<Owner>> keys, std::string_view name) {
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const auto& key) { return key.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

bool is_short_name_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-';
}

/// Turns statements into a CompileCfg: the table says what a key means, this says where it goes.
class Builder {
 public:
  explicit Builder(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  CompileCfg build(const std::vector<CfgStatement>& statements) {
    for (const CfgStatement& statement : statements) {
      if (statement.kind == CfgStatement::Kind::section) {
        begin_section(statement);
      } else {
        read_parameter(statement);
      }
    }
    assign_ids();
    for (Language& language : cfg_.languages) complete(language);
    return std::move(cfg_);
  }

 private:
  enum class Section { global, language, ignored };

  void begin_section(const CfgStatement& statement) {
    section_ = Section::ignored;
    if (statement.name == "language") {
      section_ = Section::language;
      Language language;
      language.file = statement.file;
      language.line = statement.line;
      cfg_.languages.push_back(std::move(language));
    } else if (statement.name == "global") {
      diagnostics_.error(statement.file, statement.line,
                         "'[global]' is not written: global keys stand before any section");
    } else if (statement.name != "problem" && statement.name != "tester") {
      diagnostics_.warn(
          statement.file, statement.line,
          fmt::format("unknown section '[{}]' is ignored", statement.name) + suggestion(statement.name, k_sections));
    }
  }

  void read_parameter(const CfgStatement& statement) {
    switch (section_) {
      case Section::global:
        if (!assign(global_keys(), cfg_, statement)) warn_unknown_global(statement);
        return;
      case Section::language:
        if (!assign(language_keys(), cfg_.languages.back(), statement)) {
          diagnostics_.warn(statement.file, statement.line,
                            fmt::format("unknown key '{}'", statement.name) +
                                suggestion(statement.name, compile_cfg_language_keys()));
        }
        return;
      case Section::ignored:
        return;
    }
  }

  /// False if there is no such key.
  template <typename Owner>
  bool assign(std::span<const CfgKey<Owner>> keys, Owner& owner, const CfgStatement& statement) {
    const CfgKey<Owner>* key = find_key(keys, statement.name);
    if (key == nullptr) return false;
    const Assign action{key->type, statement.value};
    std::string wrong = std::visit([&](auto member) { return action(owner.*member); }, key->member);
    if (wrong.empty()) wrong = check_range(statement);
    if (!wrong.empty()) {
      diagnostics_.error(statement.file, statement.line, fmt::format("'{}': {}", statement.name, wrong));
    }
    return true;
  }

  std::string check_range(const CfgStatement& statement) const {
    if (section_ == Section::global) {
      const bool good = statement.name != "sleep_time" || (cfg_.sleep_time >= 0 && cfg_.sleep_time <= k_max_sleep_time);
      return good ? "" : fmt::format("{} is not in 0..{}", cfg_.sleep_time, k_max_sleep_time);
    }
    const int id = cfg_.languages.back().id;
    const bool good = statement.name != "id" || (id >= 1 && id <= k_max_language_id);
    return good ? "" : fmt::format("{} is not in 1..{}", id, k_max_language_id);
  }

  static std::string suggestion(std::string_view name, std::span<const std::string_view> candidates) {
    const auto near = nearest(name, candidates);
    return near ? fmt::format("; did you mean '{}'?", *near) : std::string{};
  }

  /// Contests have some 300 global keys which any compile.cfg may have too; only what looks like a slip of the pen in
  /// one of ours is worth a word.
  void warn_unknown_global(const CfgStatement& statement) {
    const auto known = contest_global_keys();
    if (std::find(known.begin(), known.end(), statement.name) != known.end()) return;
    const auto near = nearest(statement.name, compile_cfg_global_keys());
    if (!near || edit_distance(statement.name, *near) > 2) return;
    diagnostics_.warn(statement.file, statement.line,
                      fmt::format("unknown key '{}'; did you mean '{}'?", statement.name, *near));
  }

  void assign_ids() {
    std::set<int> ids;
    int previous = 0;
    for (Language& language : cfg_.languages) {
      if (language.id == 0) {
        if (cfg_.enable_language_import > 0) continue;
        language.id = previous + 1;
      }
      previous = language.id;
      if (!ids.insert(language.id).second) {
        diagnostics_.error(language.file, language.line, fmt::format("'id': language {} exists twice", language.id));
      }
    }
  }

  void complete(Language& language) {
    if (language.compile_id == 0) language.compile_id = language.id;
    if (language.short_name.empty()) language.short_name = fmt::format("lang{}", language.id);
    if (language.long_name.empty()) language.long_name = fmt::format("Language {}", language.id);
    const auto& name = language.short_name;
    if (!std::all_of(name.begin(), name.end(), is_short_name_char)) {
      diagnostics_.warn(
          language.file, language.line,
          fmt::format("'short_name': '{}' has characters other than letters, digits, '_', '+' and '-'", name));
    }
    if (language.src_sfx.empty()) {
      language.broken_reason = "'src_sfx' is missing";
    } else if (language.cmd.empty()) {
      language.broken_reason = "'cmd' is missing";
    } else if (!is_plain_suffix(language.src_sfx)) {
      language.broken_reason = "'src_sfx' is not a suffix of a file name";
    } else if (!is_plain_suffix(language.exe_sfx)) {
      language.broken_reason = "'exe_sfx' is not a suffix of a file name";
    }
    if (language.broken()) {
      diagnostics_.warn(language.file, language.line,
                        fmt::format("language {} ({}) cannot be used: {}", language.id, name, language.broken_reason));
    }
  }

  static constexpr std::string_view k_sections[] = {"language", "problem", "tester"};

  Diagnostics& diagnostics_;
  CompileCfg cfg_;
  Section section_ = Section::global;
};

template <typename Owner>
std::vector<std::string_view> names_of(std::span<const CfgKey<Owner>> keys) {
  std::vector<std::string_view> names;
  for (const auto& key : keys) names.push_back(key.name);
  return names;
}

std::int64_t first_set(std::int64_t first, std::int64_t second) noexcept {
  return first > 0 ? first : std::max<std::int64_t>(second, -1);
}

}  // namespace

const Language* CompileCfg::find_language(int id) const {
  const auto found =
      std::find_if(languages.begin(), languages.end(), [&](const Language& one) { return id > 0 && one.id == id; });
  return found == languages.end() ? nullptr : &*found;
}

CompileCfg load_compile_cfg(const std::string& path, const CfgVariables& variables, Diagnostics& diagnostics) {
  const CfgSource source = cfg_files();
  std::string text;
  try {
    text = source(path);
  } catch (const Error& error) {
    diagnostics.error(path, 0, error.what());
    return {};
  }
  return parse_compile_cfg(text, path, variables, diagnostics, source);
}

CompileCfg parse_compile_cfg(std::string_view text, const std::string& file, const CfgVariables& variables,
                             Diagnostics& diagnostics, const CfgSource& source) {
  return Builder(diagnostics).build(read_cfg(text, file, variables, source, diagnostics));
}

std::span<const std::string_view> compile_cfg_global_keys() {
  static const std::vector<std::string_view> names = names_of(global_keys());
  return names;
}

std::span<const std::string_view> compile_cfg_language_keys() {
  static const std::vector<std::string_view> names = names_of(language_keys());
  return names;
}

std::chrono::seconds compile_time_limit(const CompileCfg& cfg, const Language& language) {
  if (language.compile_real_time_limit > 0) return std::chrono::seconds{language.compile_real_time_limit};
  if (cfg.compile_real_time_limit > 0) return std::chrono::seconds{cfg.compile_real_time_limit};
  return std::chrono::seconds{k_default_time_limit};
}

CompileLimits compile_limits(const CompileCfg& cfg, const Language& language) {
  return {.vm = first_set(language.max_vm_size, cfg.compile_max_vm_size),
          .stack = first_set(language.max_stack_size, cfg.compile_max_stack_size),
          .file = first_set(language.max_file_size, cfg.compile_max_file_size),
          .rss = first_set(language.max_rss_size, cfg.compile_max_rss_size)};
}

std::string compile_script(const Language& language, std::string_view scripts) {
  return absolute_below(scripts, language.cmd);
}

CompileDirs compile_dirs(const CompileCfg& cfg, std::string_view contests_home, std::string_view local_dir) {
  const auto below = [](std::string_view base, const std::string& value, std::string_view usual) {
    return absolute_below(base, value.empty() ? usual : std::string_view{value});
  };
  CompileDirs dirs;
  dirs.root = below(contests_home, cfg.root_dir, "000000");
  dirs.var = below(dirs.root, cfg.var_dir, "var");
  dirs.work = below(dirs.var, cfg.work_dir, "work");
  dirs.compile = below(dirs.var, cfg.compile_dir, "compile");
  const std::string usual_work =
      local_dir.empty() ? absolute_below(dirs.work, "compile") : absolute_below(local_dir, "compile/work");
  dirs.compile_work = below(dirs.var, cfg.compile_work_dir, usual_work);
  return dirs;
}

}  // namespace ejf::config
