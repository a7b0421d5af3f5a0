// SPDX-License-Identifier: Apache-2.0
#include "config/compile_cfg.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/files.h"
#include "config/compile_cfg_keys.h"

namespace ejf::config {
namespace {

/// A parsed text and what was said about it.
struct Parsed {
  Diagnostics diagnostics;  // before cfg, whose reading fills it
  CompileCfg cfg;

  explicit Parsed(std::string_view text) : cfg(parse_compile_cfg(text, "c", CfgVariables{}, diagnostics)) {}

  std::string said() const {
    std::string text;
    for (const Diagnostic& one : diagnostics.all()) {
      text += (one.severity == Diagnostic::Severity::error ? "E " : "W ") + one.text() + "\n";
    }
    return text;
  }
};

constexpr std::string_view k_good = "[language]\nid = 7\nshort_name = x\nsrc_sfx = .x\ncmd = x\n";

TEST(CompileCfg, ReadsWhatEjudgesConfiguratorWrote) {
  Diagnostics diagnostics;
  CompileCfg cfg = load_compile_cfg(EJF_TEST_DATA "/compile.cfg", CfgVariables{}, diagnostics);
  EXPECT_TRUE(diagnostics.all().empty()) << diagnostics.all().front().text();
  EXPECT_EQ(cfg.root_dir, "/home/judges/compile");
  EXPECT_EQ(cfg.lang_config_dir, "/home/judges/compile/conf/lang.d");
  EXPECT_EQ(cfg.cr_serialization_key, 22723);
  ASSERT_EQ(cfg.languages.size(), 21U);
  const Language* java = cfg.find_language(18);
  ASSERT_NE(java, nullptr);
  EXPECT_EQ(java->long_name, "Java JDK");
  EXPECT_EQ(java->exe_sfx, ".jar");
  EXPECT_EQ(java->compile_id, 18);
  EXPECT_EQ(java->insecure, -1);
  EXPECT_EQ(cfg.find_language(72)->insecure, 1);
  EXPECT_EQ(cfg.find_language(4), nullptr);
}

TEST(CompileCfg, ExportsByteForByteWhatEjudgeDid) {
  Diagnostics diagnostics;
  CompileCfg cfg = load_compile_cfg(EJF_TEST_DATA "/compile.cfg", CfgVariables{}, diagnostics);
  EXPECT_EQ(export_compile_cfg(cfg, {}), read_file(EJF_TEST_DATA "/exported-compile.cfg", 1 << 20));
}

void expect_value(std::int64_t value) {
  EXPECT_EQ(value, 7);
}
void expect_value(const std::string& value) {
  EXPECT_EQ(value, "text");
}
void expect_value(const std::vector<std::string>& value) {
  EXPECT_EQ(value, std::vector<std::string>{"text"});
}

TEST(CompileCfg, TakesEveryKeyOfALanguage) {
  for (const auto& key : language_keys()) {
    const bool textual = key.type == CfgType::string || key.type == CfgType::short_string || key.type == CfgType::list;
    Parsed parsed("[language]\nsrc_sfx = .x\ncmd = x\n" + std::string(key.name) + " = " + (textual ? "text" : "7") +
                  "\n");
    EXPECT_EQ(parsed.said(), "") << key.name;
    ASSERT_EQ(parsed.cfg.languages.size(), 1U);
    SCOPED_TRACE(key.name);
    std::visit([&](auto member) { expect_value(parsed.cfg.languages[0].*member); }, key.member);
  }
  EXPECT_EQ(language_keys().size(), 51U);
}

TEST(CompileCfg, NumbersLanguagesAndNamesThem) {
  Parsed parsed("[language]\nsrc_sfx=.a\ncmd=a\n[language]\nid=10\nsrc_sfx=.a\ncmd=a\n[language]\nsrc_sfx=.a\ncmd=a\n");
  EXPECT_EQ(parsed.said(), "");
  ASSERT_EQ(parsed.cfg.languages.size(), 3U);
  EXPECT_EQ(parsed.cfg.languages[0].id, 1);
  EXPECT_EQ(parsed.cfg.languages[2].id, 11);
  EXPECT_EQ(parsed.cfg.languages[2].compile_id, 11);
  EXPECT_EQ(parsed.cfg.languages[2].short_name, "lang11");
  EXPECT_EQ(parsed.cfg.languages[2].long_name, "Language 11");
}

TEST(CompileCfg, GivesNoIdsUnderLanguageImport) {
  Parsed parsed("enable_language_import\n[language]\nsrc_sfx=.a\ncmd=a\n[language]\nsrc_sfx=.a\ncmd=a\n");
  EXPECT_EQ(parsed.said(), "");
  EXPECT_EQ(parsed.cfg.languages[1].id, 0);
  EXPECT_EQ(parsed.cfg.find_language(0), nullptr);
}

TEST(CompileCfg, ReportsAllErrorsTogether) {
  Parsed parsed(
      "sleep_time = 10001\ncompile_real_time_limit = soon\n[language]\nid = 0\nsrc_sfx = .c\ncmd = c\n"
      "disabled = yes\nmax_vm_size = 64X\nshort_name = " +
      std::string(32, 'a') + "\nid =\nmax_rss_size = -2\n");
  EXPECT_EQ(parsed.said(),
            "E c:1: 'sleep_time': 10001 is not in 0..10000\n"
            "E c:2: 'compile_real_time_limit': 'soon' is not a number\n"
            "E c:4: 'id': 0 is not in 1..999999\n"
            "E c:7: 'disabled': 'yes' is not 0 or 1\n"
            "E c:8: 'max_vm_size': '64X' is not a size\n"
            "E c:9: 'short_name': '" +
                std::string(32, 'a') +
                "' is over 31 bytes\n"
                "E c:10: 'id': '' is not a number\n"
                "E c:11: 'max_rss_size': '-2' is not a size\n");
  try {
    parsed.diagnostics.throw_if_errors();
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_TRUE(std::string_view(error.what()).starts_with("c:1: 'sleep_time'")) << error.what();
    EXPECT_EQ(std::count(error.what(), error.what() + std::strlen(error.what()), '\n'), 7);
  }
}

TEST(CompileCfg, RefusesTwoLanguagesOfOneId) {
  EXPECT_EQ(Parsed(std::string(k_good) + std::string(k_good)).said(), "E c:6: 'id': language 7 exists twice\n");
}

TEST(CompileCfg, KeepsTheServerUpWhenALanguageIsBroken) {
  Parsed parsed("[language]\nid=1\nsrc_sfx=.c\n[language]\nid=2\ncmd=c\n[language]\nid=3\nsrc_sfx=/../x\ncmd=c\n" +
                std::string(k_good));
  EXPECT_FALSE(parsed.diagnostics.has_errors());
  EXPECT_EQ(parsed.said(),
            "W c:1: language 1 (lang1) cannot be used: 'cmd' is missing\n"
            "W c:4: language 2 (lang2) cannot be used: 'src_sfx' is missing\n"
            "W c:7: language 3 (lang3) cannot be used: 'src_sfx' is not a suffix of a file name\n");
  EXPECT_TRUE(parsed.cfg.find_language(1)->broken());
  EXPECT_FALSE(parsed.cfg.find_language(7)->broken());
}

TEST(CompileCfg, WarnsOfAMisspeltKeyAndLetsContestKeysPass) {
  Parsed parsed(
      "score_system = acm\ncontest_time = 300\nboard_fog_time = 60\ncorr_dir = x\ncomplie_dir = x\nlang_config_dirs = "
      "y\n" +
      std::string(k_good) + "short_nam = y\nzzzzzzzz = 1\n");
  EXPECT_EQ(parsed.said(),
            "W c:5: unknown key 'complie_dir'; did you mean 'compile_dir'?\n"
            "W c:6: unknown key 'lang_config_dirs'; did you mean 'lang_config_dir'?\n"
            "W c:12: unknown key 'short_nam'; did you mean 'short_name'?\n"
            "W c:13: unknown key 'zzzzzzzz'\n");
}

TEST(CompileCfg, IgnoresOtherSectionsWithTheirKeys) {
  Parsed parsed("[problem]\nid = 5\ninput_file = x\n[tester]\nany = 1\n[langauge]\nid = what\n" + std::string(k_good));
  EXPECT_EQ(parsed.said(), "W c:6: unknown section '[langauge]' is ignored; did you mean 'language'?\n");
  EXPECT_EQ(parsed.cfg.languages.size(), 1U);
  EXPECT_EQ(Parsed("[global]\nid = 1\n").said(),
            "E c:1: '[global]' is not written: global keys stand before any section\n");
}

TEST(CompileCfg, ReadsSizesFlagsAndLists) {
  Parsed parsed(std::string(k_good) +
                "max_vm_size = 2 G\nmax_stack_size = \"64M\"\nrun_max_file_size = 16k\nmax_file_size = 1T\nbinary\n"
                "insecure = 0\ncompiler_env = A=1\ncompiler_env = \"B=2 3\"\n");
  // A blank ends an unquoted value, so a size with a blank needs quotes.
  EXPECT_EQ(parsed.said(), "E c:6: 'max_vm_size': text after the value\n");
  const Language& one = parsed.cfg.languages[0];
  EXPECT_EQ(one.max_stack_size, 64LL << 20);
  EXPECT_EQ(one.run_max_file_size, 16LL << 10);
  EXPECT_EQ(one.max_file_size, 1LL << 40);
  EXPECT_EQ(one.binary, 1);
  EXPECT_EQ(one.insecure, 0);
  EXPECT_EQ(one.compiler_env, (std::vector<std::string>{"A=1", "B=2 3"}));
}

TEST(CompileCfg, SaysWhenTheFileIsNotThere) {
  Diagnostics diagnostics;
  load_compile_cfg(EJF_TEST_DATA "/absent.cfg", CfgVariables{}, diagnostics);
  ASSERT_EQ(diagnostics.all().size(), 1U);
  EXPECT_TRUE(diagnostics.has_errors());
  EXPECT_NE(diagnostics.all()[0].text().find("No such file"), std::string::npos);
}

TEST(CompileCfg, FallsBackForLimitsAndPaths) {
  Parsed parsed("compile_real_time_limit = 20\ncompile_max_vm_size = 1G\n" + std::string(k_good) +
                "[language]\nid=8\n"
                "cmd=/opt/x\nsrc_sfx=.x\ncompile_real_time_limit=5\nmax_vm_size=2G\nmax_rss_size=1M\n");
  const Language& first = parsed.cfg.languages[0];
  const Language& second = parsed.cfg.languages[1];
  EXPECT_EQ(compile_time_limit(parsed.cfg, first).count(), 20);
  EXPECT_EQ(compile_time_limit(parsed.cfg, second).count(), 5);
  EXPECT_EQ(compile_time_limit(Parsed("compile_real_time_limit = 0\n").cfg, first).count(), 60);
  EXPECT_EQ(compile_limits(parsed.cfg, first).vm, 1LL << 30);
  EXPECT_EQ(compile_limits(parsed.cfg, first).rss, -1);
  EXPECT_EQ(compile_limits(parsed.cfg, second).vm, 2LL << 30);
  EXPECT_EQ(compile_script(first, "/ch/scripts"), "/ch/scripts/x");
  EXPECT_EQ(compile_script(second, "/ch/scripts"), "/opt/x");
  EXPECT_EQ(first.header_suffix(), "x");
}

TEST(CompileCfg, PlacesDirectoriesBelowEachOther) {
  const CompileDirs usual = compile_dirs(CompileCfg{}, "/home/judges", "");
  EXPECT_EQ(usual.compile, "/home/judges/000000/var/compile");
  EXPECT_EQ(usual.compile_work, "/home/judges/000000/var/work/compile");
  EXPECT_EQ(compile_dirs(CompileCfg{}, "/home/judges", "/var/lib/ejudge").compile_work, "/var/lib/ejudge/compile/work");
  CompileCfg cfg;
  cfg.root_dir = "/r";
  cfg.var_dir = "v";
  cfg.compile_dir = "/spool";
  EXPECT_EQ(compile_dirs(cfg, "/home/judges", "").work, "/r/v/work");
  EXPECT_EQ(compile_dirs(cfg, "/home/judges", "").compile, "/spool");
}

TEST(ExportCompileCfg, WritesEveryFieldInEjudgesOrder) {
  Parsed parsed(
      "ejudge_checkers_dir = /checkers\n[language]\nid=2\nsrc_sfx=.c\ncmd=c\nversion=\"1\\\"2\"\nclean_up_env_file=ce\n"
      "run_env_file=re\nclean_up_cmd=cu\ncompiler_container_options=cco\ncontainer_options=co\n"
      "style_checker_env='S=\"1\"'\ncompiler_env='C=\"1\"'\nrun_max_file_size=8\nmax_vm_size=64M\nstyle_checker_cmd="
      "st\n"
      "content_type=ct\ndisable_auto_update\nenabled\ndisabled\narch=a\ncompile_server_id=cs\nsuper_run_dir=sr\n"
      "extid=e\nlong_name=ln\nshort_name=sn\ncompile_dir_index=3\ncompile_id=9\nkey=k\npriority_adjustment=-1\n"
      "compile_real_time_limit=4\nmulti_header_suffix=m\nexe_sfx=.e\n");
  EXPECT_EQ(parsed.said(), "");
  EXPECT_EQ(export_compile_cfg(parsed.cfg, {}),
            "[language]\nid = 2\ncompile_dir_index = 3\nshort_name = \"sn\"\nlong_name = \"ln\"\nextid = \"e\"\n"
            "super_run_dir = \"sr\"\ncompile_server_id = \"cs\"\narch = \"a\"\nsrc_sfx = \".c\"\nexe_sfx = \".e\"\n"
            "disabled\nenabled\ndisable_auto_update\ncontent_type = \"ct\"\nstyle_checker_cmd = \"/checkers/st\"\n"
            "max_vm_size = 64M\nrun_max_file_size = 8\ncompiler_env = \"C=\\\"1\\\"\"\n"
            "style_checker_env = \"S=\\\"1\\\"\"\ncontainer_options = \"co\"\ncompiler_container_options = \"cco\"\n"
            "clean_up_cmd = \"cu\"\nrun_env_file = \"re\"\nclean_up_env_file = \"ce\"\nversion = \"1\\\"2\"\n\n");
}

TEST(ExportCompileCfg, AppliesTheIdMapBackwards) {
  Parsed parsed(
      "[language]\nid=2\nsrc_sfx=.c\ncmd=c\nshort_name=two\n[language]\nid=3\nsrc_sfx=.c\ncmd=c\n"
      "short_name=three\n[language]\nid=40\nsrc_sfx=.c\ncmd=c\nshort_name=forty\n");
  const auto ids = [&](const std::map<int, int>& map) {
    Diagnostics diagnostics;
    const auto cfg = parse_compile_cfg(export_compile_cfg(parsed.cfg, map), "e", CfgVariables{}, diagnostics);
    std::string text;
    for (const Language& one : cfg.languages) text += std::to_string(one.id) + one.short_name + " ";
    return text;
  };
  EXPECT_EQ(ids({}), "2two 3three 40forty ");
  EXPECT_EQ(ids({{102, 2}}), "3three 40forty 102two ");
  EXPECT_EQ(ids({{3, 2}}), "3two 40forty ");
  EXPECT_EQ(ids({{2, 3}, {3, 2}}), "2three 3two 40forty ");
  EXPECT_EQ(ids({{5, 2}, {6, 2}, {7, 99}}), "3three 5two 6two 40forty ");
}

}  // namespace
}  // namespace ejf::config
