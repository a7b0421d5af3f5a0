// SPDX-License-Identifier: Apache-2.0
#include "lang/cfg_update.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "config/compile_cfg.h"

namespace ejf::lang {
namespace {

/// What a version script that prints `settings` and ends with `status` gives.
Probe make_probe(const std::string& language, const std::string& settings, int status = 0) {
  ScriptResult result;
  result.end = ScriptResult::End::ended;
  result.wait_status = status << 8;
  result.output = settings;
  Probe probe = interpret_probe({language, ""}, result, std::chrono::seconds(60));
  EXPECT_TRUE(probe.is_readable) << probe.reason;
  return probe;
}

Probe gcc() {
  return make_probe("gcc", "version=\"12.2.0\"\narg=\"\"\nlong_name=\"GNU C\"\nsrc_sfx=\".c\"\nGCCRUN=\"gcc\"\n");
}

LanguageIds registry() {
  LanguageIds ids;
  EXPECT_TRUE(ids.add_registry({{"gcc", "2"}, {"g++", "3"}, {"g77", "6"}, {"gfortran", "6"}, {"javac", "18"}}));
  return ids;
}

CfgUpdate update(const std::string& text, const std::vector<Probe>& probes) {
  return update_compile_cfg(text, "compile.cfg", probes, registry());
}

const std::string k_gcc_section =
    "[language]\nid = 2\nshort_name = \"gcc\"\nlong_name = \"GNU C\"\nsrc_sfx = \".c\"\ncmd = \"gcc\"\n"
    "version = \"12.2.0\"\n\n";

TEST(UpdateCompileCfg, AddsAnAvailableLanguage) {
  CfgUpdate result = update("root_dir = \"/x\"\n\n", {gcc()});
  EXPECT_TRUE(result.is_changed);
  EXPECT_EQ(result.text, "root_dir = \"/x\"\n\n" + k_gcc_section);
}

TEST(UpdateCompileCfg, DoesNotAddAnUnavailableOne) {
  CfgUpdate result = update("", {make_probe("gcc", "version=\nlong_name=x\n", 1)});
  EXPECT_FALSE(result.is_changed);
  EXPECT_EQ(result.text, "");
}

TEST(UpdateCompileCfg, ChangesNothingWhenNothingIsNew) {
  std::string text = "; mine\nroot_dir = /x\n\n" + k_gcc_section + "# end\n";
  CfgUpdate result = update(text, {gcc()});
  EXPECT_FALSE(result.is_changed);
  EXPECT_EQ(result.text, text);
  // Written another way, with the same meaning.
  text = "[language]\nid=2\nshort_name=gcc\nlong_name='GNU C'\nsrc_sfx=.c\ncmd=gcc\nversion=12.2.0\ninsecure = 0\n";
  EXPECT_EQ(update(text, {make_probe("gcc", "version=12.2.0\nlong_name='GNU C'\nsrc_sfx=.c\n")}).text,
            "[language]\nid=2\nshort_name=gcc\nlong_name='GNU C'\nsrc_sfx=.c\ncmd=gcc\nversion=12.2.0\n");
}

TEST(UpdateCompileCfg, KeepsEveryKeyAndCommentThatIsNotItsOwn) {
  std::string head =
      "# -*- coding: utf-8 -*-\n# our server\n\nroot_dir = /home/judges/compile\nsleep_time = 500\n"
      "compile_real_time_limit = 30 # seconds\ncompile_max_vm_size = 2G\ncompile_dir = /a\ncompile_work_dir = /b\n"
      "max_line_length = 5\n\n# C first\n[language]\nid = 2\n";
  std::string own =
      "key = \"k\"\npriority_adjustment = -3\ncompile_real_time_limit = 5\nmulti_header_suffix = \"c\"\n"
      "compile_dir = \"d\"\ncompile_id = 7\nextid = \"e\"\nsuper_run_dir = \"s\"\ncompile_server_id = \"i\"\n"
      "disable_security\nenable_suid_run\ndisable_auto_testing\ndisable_testing\nenable_remote_cache\n"
      "content_type = \"text/plain\"\nstyle_checker_cmd = \"st\"\nstyle_checker_env = \"A=b\"\nmax_vm_size = 1G\n"
      "max_stack_size = 1M\nmax_file_size = 2M\nmax_rss_size = 3M\nrun_max_stack_size = 4M\nrun_max_vm_size = 5M\n"
      "run_max_rss_size = 6M\nrun_max_file_size = 7M\ncompiler_env = \"EJUDGE_FLAGS=-DX=\\\"a b\\\"\"\n"
      "compiler_env = \"EJUDGE_LIBS=\\\\x\"\n# about containers\ncontainer_options = \"mC\"\n"
      "compiler_container_options = \"mD\"\nclean_up_cmd = \"cl\"\nrun_env_file = \"r\"\nclean_up_env_file = \"f\"\n";
  std::string tail = "\n# the end\n";
  std::string old = head +
                    "short_name = \"gcc\"\nlong_name = \"Old C\"\nsrc_sfx = \".c\"\ncmd = \"gcc\"\n"
                    "version = \"1\" # the first\n" +
                    own + tail;
  CfgUpdate result = update(old, {gcc()});
  EXPECT_TRUE(result.is_changed);
  EXPECT_EQ(result.text, head +
                             "short_name = \"gcc\"\nlong_name = \"GNU C\"\nsrc_sfx = \".c\"\ncmd = \"gcc\"\n"
                             "version = \"12.2.0\" # the first\n" +
                             own + tail);
}

TEST(UpdateCompileCfg, DisablesASectionWithoutScriptAndOneThatIsNotAvailable) {
  std::string section = "[language]\nid = 2\nshort_name = \"gcc\"\nlong_name = \"Mine\"\nversion = \"1\"\n";
  EXPECT_EQ(update(section, {}).text, section + "disabled\n");
  CfgUpdate result = update(section, {make_probe("gcc", "version=\nlong_name=\"GNU C\"\n", 1)});
  EXPECT_EQ(result.text, section + "disabled\n");
  EXPECT_FALSE(update(result.text, {}).is_changed);
}

TEST(UpdateCompileCfg, EnablesItAgainWhenItIsAvailable) {
  std::string section = k_gcc_section.substr(0, k_gcc_section.size() - 1);
  EXPECT_EQ(update(section + "disabled\n", {gcc()}).text, section);
  EXPECT_EQ(update(section + "disabled = 1\n", {gcc()}).text, section);
}

TEST(UpdateCompileCfg, LeavesASectionAloneThatSaysSo) {
  std::string section =
      "[language]\nid = 2\nshort_name = \"gcc\"\nlong_name = \"Mine\"\ncmd = "
      "\"other\"\ndisabled\ndisable_auto_update\n";
  EXPECT_FALSE(update(section, {gcc()}).is_changed);
  // 0 is off, as if it were not there.
  std::string off = "[language]\nid = 2\nshort_name = \"gcc\"\nsrc_sfx = \".c\"\ndisable_auto_update = 0\n";
  EXPECT_TRUE(update(off, {gcc()}).is_changed);
  // But what is not available is disabled.
  std::string on = "[language]\nid = 2\nshort_name = \"gcc\"\ndisable_auto_update\n";
  EXPECT_EQ(update(on, {}).text, on + "disabled\n");
}

TEST(UpdateCompileCfg, TakesFlagsByTheirPresence) {
  std::string section = "[language]\nid = 18\nshort_name = \"javac\"\nbinary\nis_dos = 1\narch = \"java14\"\n";
  Probe probe = make_probe("javac",
                           "version=17\nlong_name=Java\nsrc_sfx=.java\nexe_sfx=.jar\narch=java\ninsecure=0\n"
                           "enable_network=\ndefault_disabled=1\nbinary=0\nrun_max_file_size=64M\nclean_up_cmd=/c\n");
  EXPECT_EQ(update(section, {probe}).text,
            "[language]\nid = 18\nshort_name = \"javac\"\nbinary\narch = \"java\"\nlong_name = \"Java\"\n"
            "src_sfx = \".java\"\nexe_sfx = \".jar\"\ncmd = \"javac\"\ninsecure\nenable_network\ndefault_disabled\n"
            "run_max_file_size = 64M\nclean_up_cmd = \"/c\"\nversion = \"17\"\n");
}

TEST(UpdateCompileCfg, WritesTheKeysOfANewSectionInEjudgesOrder) {
  Probe probe = make_probe("all",
                           "default_disabled=1\npreserve_line_numbers=1\nenable_network=1\nenable_ejudge_env=1\n"
                           "enable_custom=1\nbinary=1\nis_dos=1\ninsecure=1\nversion=1\nexe_sfx=.e\nsrc_sfx=.s\n"
                           "arch=java\nlong_name=L\n");
  EXPECT_EQ(update("", {probe}).text,
            "[language]\nid = 90\nshort_name = \"all\"\nlong_name = \"L\"\narch = \"java\"\nsrc_sfx = \".s\"\n"
            "exe_sfx = \".e\"\ncmd = \"all\"\ninsecure\nis_dos\nbinary\nenable_custom\nenable_ejudge_env\n"
            "enable_network\npreserve_line_numbers\ndefault_disabled\nversion = \"1\"\n\n");
}

TEST(UpdateCompileCfg, ClearsWhatTheScriptNoLongerSays) {
  std::string section =
      "[language]\nid = 2\nshort_name = \"gcc\"\nlong_name = \"GNU C\"\nsrc_sfx = \".c\"\ncmd = \"gcc\"\n"
      "version = \"12.2.0\"\n";
  EXPECT_EQ(
      update(section + "arch = \"msil\"\nexe_sfx = \".exe\"\ninsecure\nenable_custom\nbinary = 2\n", {gcc()}).text,
      section);
}

TEST(UpdateCompileCfg, IgnoresABadSize) {
  for (const char* bad : {"x", "-2", "1Q"}) {
    Probe probe = make_probe("gcc", std::string{"version=1\nsrc_sfx=.c\nrun_max_file_size="} + bad + "\n");
    EXPECT_EQ(update("", {probe}).text.find("run_max_file_size"), std::string::npos) << bad;
  }
}

TEST(UpdateCompileCfg, NamesTheScriptNotTheShortName) {
  Probe probe = make_probe("baz", "version=1\nshort_name=bar\nsrc_sfx=.b\n");
  std::string text = update("", {probe}).text;
  EXPECT_NE(text.find("short_name = \"bar\"\n"), std::string::npos) << text;
  EXPECT_NE(text.find("cmd = \"baz\"\n"), std::string::npos) << text;
  Probe with_cmd = make_probe("baz", "version=1\nshort_name=bar\nsrc_sfx=.b\ncmd=/opt/cc\n");
  EXPECT_NE(update("", {with_cmd}).text.find("cmd = \"/opt/cc\"\n"), std::string::npos);
}

TEST(UpdateCompileCfg, SortsNewSectionsInByNumber) {
  std::string text =
      update("[language]\nid = 3\nshort_name = \"x\"\n\n[language]\nid = 100\nshort_name = \"y\"\n",
             {make_probe("javac", "version=1\nsrc_sfx=.java\n"), gcc(), make_probe("new", "version=1\nsrc_sfx=.n\n")})
          .text;
  std::vector<std::string> names;
  config::Diagnostics diagnostics;
  for (const auto& language : config::parse_compile_cfg(text, "c", {}, diagnostics).languages) {
    names.push_back(language.short_name + "=" + std::to_string(language.id));
  }
  EXPECT_EQ(names, (std::vector<std::string>{"gcc=2", "x=3", "javac=18", "new=90", "y=100"})) << text;
}

TEST(UpdateCompileCfg, NeverRenumbersASectionWithoutANumber) {
  // 'b' is 41 because it follows 40; a section between them would make it 51 or the like.
  std::string old =
      "[language]\nid = 40\nshort_name = \"a\"\nsrc_sfx = \".a\"\n[language]\nshort_name = \"b\"\nsrc_sfx = \".b\"\n";
  std::string text = update(old, {gcc()}).text;
  config::Diagnostics diagnostics;
  auto cfg = config::parse_compile_cfg(text, "c", {}, diagnostics);
  ASSERT_EQ(cfg.languages.size(), 3U);
  EXPECT_EQ(cfg.find_language(40)->short_name, "a");
  EXPECT_EQ(cfg.find_language(41)->short_name, "b");
  EXPECT_EQ(cfg.find_language(2)->short_name, "gcc");
  EXPECT_EQ(text.find("id = 41"), std::string::npos);
}

TEST(UpdateCompileCfg, LetsOnlyAvailableLanguagesTakeNumbers) {
  Probe g77 = make_probe("g77", "version=\nsrc_sfx=.for\n", 1);
  Probe gfortran = make_probe("gfortran", "version=12\nsrc_sfx=.for\n");
  EXPECT_NE(update("", {g77, gfortran}).text.find("id = 6\nshort_name = \"gfortran\""), std::string::npos);
}

TEST(UpdateCompileCfg, EscapesValues) {
  Probe probe = make_probe("gcc", "version='1 \"x\" \\n'\nlong_name='tab\there'\nsrc_sfx=.c\n");
  std::string text = update("", {probe}).text;
  EXPECT_NE(text.find("version = \"1 \\\"x\\\" \\\\n\"\n"), std::string::npos) << text;
  EXPECT_NE(text.find("long_name = \"tab\\there\"\n"), std::string::npos) << text;
  EXPECT_FALSE(update(text, {probe}).is_changed);
}

TEST(UpdateCompileCfg, UsesTheAvailableOneOfTwoThatClaimAName) {
  Probe absent = make_probe("a", "version=\nshort_name=x\n", 1);
  Probe present = make_probe("b", "version=1\nshort_name=x\nsrc_sfx=.x\n");
  Probe second = make_probe("c", "version=2\nshort_name=x\nsrc_sfx=.x\n");
  CfgUpdate result = update("", {absent, present, second});
  EXPECT_NE(result.text.find("cmd = \"b\"\n"), std::string::npos);
  ASSERT_EQ(result.remarks.size(), 1U);
  EXPECT_NE(result.remarks[0].find("c: disabled: b has the short name 'x', too"), std::string::npos);
}

TEST(UpdateCompileCfg, LeavesOutALanguageThatCannotBeWritten) {
  Probe probe = make_probe("gcc", "version=1\nsrc_sfx=.abcdefghijklmnopqrstuvwxyzabcdefgh\n");
  CfgUpdate result = update("", {probe});
  EXPECT_FALSE(result.is_changed);
  ASSERT_EQ(result.remarks.size(), 1U);
  EXPECT_NE(result.remarks[0].find("src_sfx is over 31 bytes"), std::string::npos);
}

TEST(UpdateCompileCfg, RefusesDirectivesAndBrokenFiles) {
  try {
    update("@if host == \"a\"\n[language]\nid = 2\n@endif\n", {gcc()});
    FAIL() << "directives were accepted";
  } catch (const ConfigError& error) {
    EXPECT_NE(std::string{error.what()}.find("contains conditional directives"), std::string::npos);
  }
  for (const char* bad : {"@include \"x\"\n", "root dir = 5\n", "[language]\nid = 2\n[language]\nid = 2\n",
                          "[language]\nid = -1\n", "[language]\nid = 1000000\n", "[language]\nid = x\n"}) {
    EXPECT_THROW(update(bad, {gcc()}), ConfigError) << bad;
  }
}

TEST(MakeCompileCfg, IsReadBack) {
  std::string text = update(make_compile_cfg("/home/judges/compile", "/l/lang.d"), {gcc()}).text;
  EXPECT_TRUE(text.starts_with("# Generated by ejudge-configure-compilers, version "));
  config::Diagnostics diagnostics;
  auto cfg = config::parse_compile_cfg(text, "c", {}, diagnostics);
  EXPECT_TRUE(diagnostics.all().empty());
  EXPECT_EQ(cfg.root_dir, "/home/judges/compile");
  EXPECT_EQ(cfg.lang_config_dir, "/l/lang.d");
  EXPECT_EQ(cfg.sleep_time, 1000);
  EXPECT_GE(cfg.cr_serialization_key, 1);
  ASSERT_EQ(cfg.languages.size(), 1U);
  EXPECT_EQ(cfg.languages[0].version, "12.2.0");
}

TEST(RestampCompileCfg, ChangesTheTwoLinesOfTheGeneratorOnly) {
  std::string rest = "\nroot_dir = \"/x\"\n# Generated by hand\n";
  std::string text = restamp_compile_cfg("# Generated by somebody\n# Generation date: 2000-01-01 00:00:00\n" + rest);
  EXPECT_TRUE(text.starts_with("# Generated by ejudge-configure-compilers, version "));
  EXPECT_EQ(text.find("2000-01-01"), std::string::npos);
  EXPECT_TRUE(text.ends_with("\n" + rest));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 5);
  EXPECT_EQ(restamp_compile_cfg("# mine\n" + rest), "# mine\n" + rest);
  EXPECT_EQ(restamp_compile_cfg(""), "");
  EXPECT_EQ(restamp_compile_cfg("x = 1"), "x = 1");
}

}  // namespace
}  // namespace ejf::lang
