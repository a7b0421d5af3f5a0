// SPDX-License-Identifier: Apache-2.0
#include "config/compile_cfg_keys.h"

#include <array>

namespace ejf::config {

namespace {

using G = CompileCfg;
using L = Language;
using T = CfgType;

constexpr CfgKey<CompileCfg> k_global[] = {
    {"root_dir", T::string, &G::root_dir, "CONTESTS/000000", "base of the other directories"},
    {"var_dir", T::string, &G::var_dir, "var", "below root_dir"},
    {"conf_dir", T::string, &G::conf_dir, "conf", "below root_dir; not used"},
    {"work_dir", T::string, &G::work_dir, "work", "below var_dir"},
    {"compile_dir", T::string, &G::compile_dir, "compile", "spool of the legacy layout, below var_dir"},
    {"compile_work_dir", T::string, &G::compile_work_dir, "LOCAL/compile/work", "where ejudge compiles"},
    {"lang_config_dir", T::string, &G::lang_config_dir, "", "directory of lang.d files"},
    {"script_dir", T::string, &G::script_dir, "", "ejudge's installed scripts"},
    {"ejudge_checkers_dir", T::string, &G::ejudge_checkers_dir, "", "where style checkers are"},
    {"compile_real_time_limit", T::integer, &G::compile_real_time_limit, "60", "seconds a compiler may run"},
    {"enable_language_import", T::flag, &G::enable_language_import, "0", "languages without an id get none"},
    {"sleep_time", T::integer, &G::sleep_time, "1000", "not used"},
    {"cr_serialization_key", T::integer, &G::cr_serialization_key, "0", "not used"},
    {"compile_max_vm_size", T::size, &G::compile_max_vm_size, "-1", "address space of a compiler"},
    {"compile_max_stack_size", T::size, &G::compile_max_stack_size, "-1", "stack of a compiler"},
    {"compile_max_file_size", T::size, &G::compile_max_file_size, "-1", "largest file that a compiler may write"},
    {"compile_max_rss_size", T::size, &G::compile_max_rss_size, "-1", "memory of a compiler"},
};

constexpr CfgKey<Language> k_language[] = {
    {"id", T::integer, &L::id, "previous + 1", "number of the language on this server"},
    {"compile_id", T::integer, &L::compile_id, "id", "number on the compile server, for contests"},
    {"compile_dir_index", T::integer, &L::compile_dir_index, "0", "which compile server, for contests"},
    {"short_name", T::short_string, &L::short_name, "langID", "name, as in lang.d"},
    {"long_name", T::string, &L::long_name, "Language ID", "name for people"},
    {"extid", T::string, &L::extid, "", "external id, for contests"},
    {"super_run_dir", T::string, &L::super_run_dir, "", "which test server, for contests"},
    {"compile_server_id", T::string, &L::compile_server_id, "", "which compile server, for contests"},
    {"arch", T::string, &L::arch, "", "how the program is run"},
    {"src_sfx", T::short_string, &L::src_sfx, "required", "suffix of the source file"},
    {"exe_sfx", T::short_string, &L::exe_sfx, "", "suffix of the executable"},
    {"cmd", T::string, &L::cmd, "required", "compile script"},
    {"key", T::string, &L::key, "", "chosen by -k"},
    {"priority_adjustment", T::integer, &L::priority_adjustment, "0", "priority of requests, for contests"},
    {"compile_real_time_limit", T::integer, &L::compile_real_time_limit, "the global one", "seconds"},
    {"multi_header_suffix", T::string, &L::multi_header_suffix, "short_name", "part of multi-header file names"},
    {"compile_dir", T::string, &L::compile_dir, "", "for contests"},
    {"disabled", T::flag, &L::disabled, "0", "contests cannot enable it"},
    {"insecure", T::flag, &L::insecure, "0", "its programs cannot run in secure mode"},
    {"disable_security", T::flag, &L::disable_security, "0", "no security for its programs"},
    {"enable_suid_run", T::flag, &L::enable_suid_run, "0", "its programs may use suid helpers"},
    {"is_dos", T::flag, &L::is_dos, "0", "tests are given with CR LF"},
    {"binary", T::flag, &L::binary, "0", "a source may be binary"},
    {"disable_auto_testing", T::flag, &L::disable_auto_testing, "0", "for contests"},
    {"disable_testing", T::flag, &L::disable_testing, "0", "for contests"},
    {"enable_custom", T::flag, &L::enable_custom, "0", "a problem may give its own compile command"},
    {"enable_ejudge_env", T::flag, &L::enable_ejudge_env, "0", "EJUDGE_* for its programs"},
    {"enable_network", T::flag, &L::enable_network, "0", "the compiler has the network"},
    {"enable_remote_cache", T::flag, &L::enable_remote_cache, "0", "keep executables on the remote host"},
    {"preserve_line_numbers", T::flag, &L::preserve_line_numbers, "0", "count what is put before the source"},
    {"default_disabled", T::flag, &L::default_disabled, "0", "enabled by name only"},
    {"enabled", T::flag, &L::enabled, "0", "for contests"},
    {"disable_auto_update", T::flag, &L::disable_auto_update, "0", "the configurator leaves the section alone"},
    {"content_type", T::string, &L::content_type, "", "MIME type of the source"},
    {"style_checker_cmd", T::string, &L::style_checker_cmd, "", "style checker, for contests"},
    {"max_vm_size", T::size, &L::max_vm_size, "the global one", "address space of the compiler"},
    {"max_stack_size", T::size, &L::max_stack_size, "the global one", "stack of the compiler"},
    {"max_file_size", T::size, &L::max_file_size, "the global one", "largest file that the compiler may write"},
    {"max_rss_size", T::size, &L::max_rss_size, "the global one", "memory of the compiler"},
    {"run_max_stack_size", T::size, &L::run_max_stack_size, "-1", "stack of the program"},
    {"run_max_vm_size", T::size, &L::run_max_vm_size, "-1", "address space of the program"},
    {"run_max_rss_size", T::size, &L::run_max_rss_size, "-1", "memory of the program"},
    {"run_max_file_size", T::size, &L::run_max_file_size, "-1", "largest file that the program may write"},
    {"compiler_env", T::list, &L::compiler_env, "", "NAME=VALUE for the compile script"},
    {"style_checker_env", T::list, &L::style_checker_env, "", "NAME=VALUE for the style checker"},
    {"container_options", T::string, &L::container_options, "", "for running"},
    {"compiler_container_options", T::string, &L::compiler_container_options, "", "for compiling, by contests"},
    {"clean_up_cmd", T::string, &L::clean_up_cmd, "", "after running"},
    {"run_env_file", T::string, &L::run_env_file, "", "environment of the program"},
    {"clean_up_env_file", T::string, &L::clean_up_env_file, "", "environment of clean_up_cmd"},
    {"version", T::string, &L::version, "", "version of the compiler"},
};

constexpr std::string_view k_contest_global[] = {
    "corr_dir",     "info_dir",         "tgz_dir",        "test_dir",      "tests_dir",
    "team_dir",     "run_dir",          "plugin_dir",     "status_dir",    "report_dir",
    "script_dir",   "serve_sleep_time", "run_work_dir",   "checker_dir",   "max_file_length",
    "max_run_size", "max_vm_size",      "max_stack_size", "max_file_size", "max_rss_size",
};

}  // namespace

std::span<const CfgKey<CompileCfg>> global_keys() {
  return k_global;
}

std::span<const CfgKey<Language>> language_keys() {
  return k_language;
}

std::span<const std::string_view> contest_global_keys() {
  return k_contest_global;
}

}  // namespace ejf::config
