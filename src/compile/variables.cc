// SPDX-License-Identifier: Apache-2.0
#include "compile/variables.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <variant>

#include "base/text.h"

namespace ejf::compile {

namespace {

using lang::Recipe;
using packet::CompileRequest;

template <typename Owner>
struct Field {
  std::string_view name;
  std::variant<std::int32_t Owner::*, bool Owner::*, std::string Owner::*> member;
};

using R = CompileRequest;

constexpr Field<CompileRequest> k_request[] = {
    {"version", &R::version},
    {"judge_id", &R::judge_id},
    {"contest_id", &R::contest_id},
    {"run_id", &R::run_id},
    {"lang_id", &R::lang_id},
    {"locale_id", &R::locale_id},
    {"output_only", &R::output_only},
    {"style_check_only", &R::style_check_only},
    {"ts1", &R::ts1},
    {"ts1_us", &R::ts1_us},
    {"use_uuid", &R::use_uuid},
    {"use_container", &R::use_container},
    {"vcs_mode", &R::vcs_mode},
    {"not_ok_is_cf", &R::not_ok_is_cf},
    {"preserve_numbers", &R::preserve_numbers},
    {"enable_remote_cache", &R::enable_remote_cache},
    {"enable_run_props", &R::enable_run_props},
    {"enable_network", &R::enable_network},
    {"multi_header", &R::multi_header},
    {"lang_header", &R::lang_header},
    {"user_id", &R::user_id},
    {"style_checker", &R::style_checker},
    {"src_sfx", &R::src_sfx},
    {"lang_short_name", &R::lang_short_name},
    {"header_pat", &R::header_pat},
    {"footer_pat", &R::footer_pat},
    {"header_dir", &R::header_dir},
    {"compiler_env_pat", &R::compiler_env_pat},
    {"user_login", &R::user_login},
    {"exam_cypher", &R::exam_cypher},
    {"contest_server_id", &R::contest_server_id},
    {"container_options", &R::container_options},
    {"vcs_compile_cmd", &R::vcs_compile_cmd},
    {"compile_cmd", &R::compile_cmd},
    {"extra_src_dir", &R::extra_src_dir},
};

/// By the names of compile.cfg; what a recipe does not keep has no effect on compilation.
constexpr Field<Recipe> k_lang[] = {
    {"id", &Recipe::lang_id},
    {"short_name", &Recipe::short_name},
    {"long_name", &Recipe::long_name},
    {"multi_header_suffix", &Recipe::multi_header_suffix},
    {"arch", &Recipe::arch},
    {"key", &Recipe::key},
    {"version", &Recipe::version},
    {"src_sfx", &Recipe::src_sfx},
    {"exe_sfx", &Recipe::exe_sfx},
    {"cmd", &Recipe::command},
    {"enable_network", &Recipe::network},
    {"enable_custom", &Recipe::enable_custom},
};

std::string text_of(std::int32_t value) {
  return std::to_string(value);
}

std::string text_of(bool value) {
  return value ? "1" : "0";
}

std::string text_of(const std::string& value) {
  return escape_c(value);
}

template <typename Owner, std::size_t N>
std::string field_text(const Field<Owner> (&fields)[N], const Owner& owner, std::string_view name) {
  const auto* field = std::find_if(std::begin(fields), std::end(fields), [&](const auto& f) { return f.name == name; });
  if (field == std::end(fields)) return {};
  return std::visit([&](auto member) { return text_of(owner.*member); }, field->member);
}

}  // namespace

std::string variable_text(const CompileRequest& request, const Recipe& recipe, std::string_view name) {
  constexpr std::string_view k_of_request = "request.";
  constexpr std::string_view k_of_lang = "lang.";
  if (name.starts_with(k_of_request)) return field_text(k_request, request, name.substr(k_of_request.size()));
  if (name.starts_with(k_of_lang)) return field_text(k_lang, recipe, name.substr(k_of_lang.size()));
  return {};
}

}  // namespace ejf::compile
