// SPDX-License-Identifier: Apache-2.0
#include "compile/variables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "config/test_info.h"

namespace ejf::compile {
namespace {

using testing::ElementsAre;

/// Each field has another value, so that a mix-up shows.
packet::CompileRequest some_request() {
  packet::CompileRequest r;
  r.version = 18;
  r.judge_id = 101;
  r.contest_id = 102;
  r.run_id = 103;
  r.lang_id = 104;
  r.locale_id = 105;
  r.output_only = 106;
  r.submit_id = 9;
  r.style_check_only = 107;
  r.ts1 = 1700000000;
  r.ts1_us = 108;
  r.use_uuid = 109;
  r.use_container = 110;
  r.vcs_mode = 111;
  r.not_ok_is_cf = 112;
  r.preserve_numbers = 113;
  r.enable_remote_cache = 114;
  r.enable_run_props = 115;
  r.enable_network = -1;
  r.multi_header = 117;
  r.lang_header = 118;
  r.user_id = 119;
  r.style_checker = "/sc";
  r.src_sfx = ".cpp";
  r.run_block = "block";
  r.lang_short_name = "g++";
  r.header_pat = "header_%03d";
  r.footer_pat = "footer_%03d";
  r.header_dir = "/tests dir";
  r.compiler_env_pat = "env_%03d";
  r.user_login = "it's \"me\"";
  r.exam_cypher = "a\\b\n\x01";
  r.contest_server_id = "server";
  r.container_options = "mo";
  r.vcs_compile_cmd = "vcs";
  r.compile_cmd = "/cmd";
  r.extra_src_dir = "/extra";
  r.env = {"A=1"};
  r.sc_env = {"B=1"};
  return r;
}

lang::Recipe some_recipe() {
  lang::Recipe recipe;
  recipe.lang_id = 3;
  recipe.short_name = "g++";
  recipe.long_name = "GNU \"C++\"";
  recipe.multi_header_suffix = "cxx";
  recipe.arch = "linux";
  recipe.key = "k";
  recipe.version = "12.2.0";
  recipe.src_sfx = ".cpp";
  recipe.exe_sfx = ".exe";
  recipe.command = "/scripts/g++";
  recipe.network = true;
  return recipe;
}

std::string text(std::string_view name) {
  return variable_text(some_request(), some_recipe(), name);
}

TEST(VariableText, KnowsTheFieldsOfARequest) {
  const std::pair<const char*, const char*> fields[]{
      {"version", "18"},
      {"judge_id", "101"},
      {"contest_id", "102"},
      {"run_id", "103"},
      {"lang_id", "104"},
      {"locale_id", "105"},
      {"output_only", "106"},
      {"style_check_only", "107"},
      {"ts1", "1700000000"},
      {"ts1_us", "108"},
      {"use_uuid", "109"},
      {"use_container", "110"},
      {"vcs_mode", "111"},
      {"not_ok_is_cf", "112"},
      {"preserve_numbers", "113"},
      {"enable_remote_cache", "114"},
      {"enable_run_props", "115"},
      {"enable_network", "-1"},
      {"multi_header", "117"},
      {"lang_header", "118"},
      {"user_id", "119"},
      {"style_checker", "/sc"},
      {"src_sfx", ".cpp"},
      {"lang_short_name", "g++"},
      {"header_pat", "header_%03d"},
      {"footer_pat", "footer_%03d"},
      {"header_dir", "/tests dir"},
      {"compiler_env_pat", "env_%03d"},
      {"contest_server_id", "server"},
      {"container_options", "mo"},
      {"vcs_compile_cmd", "vcs"},
      {"compile_cmd", "/cmd"},
      {"extra_src_dir", "/extra"},
  };
  for (const auto& [name, value] : fields) EXPECT_EQ(text(std::string{"request."} + name), value) << name;
}

TEST(VariableText, WritesStringsWithEscapes) {
  EXPECT_EQ(text("request.user_login"), R"(it\'s \"me\")");
  EXPECT_EQ(text("request.exam_cypher"), R"(a\\b\n\x01)");
  EXPECT_EQ(text("lang.long_name"), R"(GNU \"C++\")");
}

TEST(VariableText, KnowsTheParametersOfALanguage) {
  const std::pair<const char*, const char*> fields[]{
      {"id", "3"},
      {"short_name", "g++"},
      {"multi_header_suffix", "cxx"},
      {"arch", "linux"},
      {"key", "k"},
      {"version", "12.2.0"},
      {"src_sfx", ".cpp"},
      {"exe_sfx", ".exe"},
      {"cmd", "/scripts/g++"},
      {"enable_network", "1"},
      {"enable_custom", "0"},
  };
  for (const auto& [name, value] : fields) EXPECT_EQ(text(std::string{"lang."} + name), value) << name;
}

TEST(VariableText, GivesNothingForOthers) {
  for (const char* name : {"request.submit_id",
                           "request.max_vm_size",
                           "request.uuid",
                           "request.judge_uuid",
                           "request.env",
                           "request.sc_env",
                           "request.run_block",
                           "request.none",
                           "request.",
                           "request",
                           "lang.compiler_env",
                           "lang.max_vm_size",
                           "lang.none",
                           "lang.",
                           "lang",
                           "",
                           "run_id",
                           "Request.run_id",
                           "request.run_id ",
                           "problem.id"}) {
    EXPECT_EQ(text(name), "") << name;
  }
}

TEST(VariableText, ComesBackFromAnInfoFileAsItWas) {
  const auto info = config::parse_test_info(
      "enable_subst\n"
      "compiler_env = \"LOGIN=${request.user_login}\" CYPHER=${request.exam_cypher} RUN=${request.run_id}/${lang.id}\n",
      text);
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_THAT(info->compiler_env, ElementsAre("LOGIN=it's \"me\"", "CYPHER=a\\b\n\x01", "RUN=103/3"));
}

}  // namespace
}  // namespace ejf::compile
