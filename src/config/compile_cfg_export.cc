// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <iterator>

#include "base/text.h"
#include "config/cfg_line.h"
#include "config/compile_cfg.h"

namespace ejf::config {

namespace {

template <typename T>
struct Named {
  std::string_view name;
  T Language::*member;
};

constexpr std::array<Named<int>, 16> k_flags{{
    {"disabled", &Language::disabled},
    {"insecure", &Language::insecure},
    {"disable_security", &Language::disable_security},
    {"enable_suid_run", &Language::enable_suid_run},
    {"is_dos", &Language::is_dos},
    {"binary", &Language::binary},
    {"disable_auto_testing", &Language::disable_auto_testing},
    {"disable_testing", &Language::disable_testing},
    {"enable_custom", &Language::enable_custom},
    {"enable_ejudge_env", &Language::enable_ejudge_env},
    {"enable_network", &Language::enable_network},
    {"enable_remote_cache", &Language::enable_remote_cache},
    {"preserve_line_numbers", &Language::preserve_line_numbers},
    {"default_disabled", &Language::default_disabled},
    {"enabled", &Language::enabled},
    {"disable_auto_update", &Language::disable_auto_update},
}};

constexpr std::array<Named<std::int64_t>, 8> k_sizes{{
    {"max_vm_size", &Language::max_vm_size},
    {"max_stack_size", &Language::max_stack_size},
    {"max_file_size", &Language::max_file_size},
    {"max_rss_size", &Language::max_rss_size},
    {"run_max_stack_size", &Language::run_max_stack_size},
    {"run_max_vm_size", &Language::run_max_vm_size},
    {"run_max_rss_size", &Language::run_max_rss_size},
    {"run_max_file_size", &Language::run_max_file_size},
}};

class Writer {
 public:
  /// `id`: under which the language is shown.
  void language(const CompileCfg& cfg, const Language& one, int id) {
    fmt::format_to(to(), "[language]\nid = {}\n", id);
    if (one.compile_dir_index > 0) fmt::format_to(to(), "compile_dir_index = {}\n", one.compile_dir_index);
    always("short_name", one.short_name);
    if_any("long_name", one.long_name);
    if_any("extid", one.extid);
    if_any("super_run_dir", one.super_run_dir);
    if_any("compile_server_id", one.compile_server_id);
    if_any("arch", one.arch);
    always("src_sfx", one.src_sfx);
    if_any("exe_sfx", one.exe_sfx);
    for (const auto& flag : k_flags) {
      if (one.*flag.member > 0) fmt::format_to(to(), "{}\n", flag.name);
    }
    if_any("content_type", one.content_type);
    if_any("style_checker_cmd", style_checker(cfg, one));
    for (const auto& size : k_sizes) {
      if (one.*size.member > 0) fmt::format_to(to(), "{} = {}\n", size.name, format_size(one.*size.member));
    }
    // ejudge does not escape these, so that its own reader loses quotes and backslashes in them.
    for (const auto& value : one.compiler_env) always("compiler_env", value);
    for (const auto& value : one.style_checker_env) always("style_checker_env", value);
    if_any("container_options", one.container_options);
    if_any("compiler_container_options", one.compiler_container_options);
    if_any("clean_up_cmd", one.clean_up_cmd);
    if_any("run_env_file", one.run_env_file);
    if_any("clean_up_env_file", one.clean_up_env_file);
    if_any("version", one.version);
    text_ += '\n';
  }

  std::string take() { return std::move(text_); }

 private:
  std::back_insert_iterator<std::string> to() { return std::back_inserter(text_); }

  void always(std::string_view key, std::string_view value) {
    fmt::format_to(to(), "{} = {}\n", key, quote_cfg_value(value));
  }

  void if_any(std::string_view key, std::string_view value) {
    if (!value.empty()) always(key, value);
  }

  /// As the checker is found on this host, if compile.cfg says where its checkers are.
  static std::string style_checker(const CompileCfg& cfg, const Language& one) {
    const std::string& cmd = one.style_checker_cmd;
    if (cmd.empty() || cmd.starts_with('@') || cmd.starts_with('%')) return cmd;
    return absolute_below(cfg.ejudge_checkers_dir, cmd);
  }

  std::string text_;
};

}  // namespace

std::string export_compile_cfg(const CompileCfg& cfg, const std::map<int, int>& lang_id_map) {
  std::map<int, const Language*> slots;
  std::map<int, const Language*> unmapped;
  for (const Language& one : cfg.languages) {
    if (one.id > 0) unmapped.emplace(one.id, &one);
  }
  for (const auto& [from, target] : lang_id_map) {
    if (const Language* one = cfg.find_language(target)) {
      slots[from] = one;
      unmapped.erase(target);
    }
  }
  slots.merge(unmapped);  // what is taken already stays
  Writer writer;
  for (const auto& [id, one] : slots) writer.language(cfg, *one, id);
  return writer.take();
}

}  // namespace ejf::config
