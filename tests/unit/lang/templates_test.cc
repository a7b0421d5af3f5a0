// SPDX-License-Identifier: Apache-2.0
#include "lang/templates.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/temp_dir.h"

namespace ejf::lang {
namespace {

const TokenValues k_tokens = make_token_values({.lang_config_dir = "/l/lang.d",
                                                .prefix_dir = "/opt/ejudge",
                                                .libexec_dir = "/opt/ejudge/libexec",
                                                .local_dir = "",
                                                .contests_home_dir = "/home/judges"});

/// A scripts directory with `in` below it, and a directory of the installation's templates.
class Refresh : public ::testing::Test {
 protected:
  Refresh() {
    for (const char* name : {"scripts", "scripts/in", "system"}) make_directory_at(temp_.fd(), name, 0755);
  }

  /// `age` in seconds before a moment that is the same for the whole test.
  void put(const std::string& name, const std::string& text, long age) {
    write_file_at(temp_.fd(), name, text, 0644);
    struct timespec times[2] = {{k_now - age, 0}, {k_now - age, 0}};
    ASSERT_EQ(::utimensat(temp_.fd(), name.c_str(), times, 0), 0);
  }
  std::string get(const std::string& name) { return try_read_regular_at(temp_.fd(), name, 1 << 20).value_or("(none)"); }
  RefreshReport refresh(const TokenValues& tokens = k_tokens) {
    std::string root = temp_.path();
    return refresh_scripts(root + "/scripts", choose_templates({root + "/scripts/in", root + "/system"}), tokens);
  }

  static constexpr long k_now = 1700000000;
  TempDir temp_{"/tmp", "ejf-test-"};
};

TEST(ExpandTemplate, ReplacesAllSixTokensEverywhere) {
  EXPECT_EQ(expand_template("a @lang_config_dir@/x @prefix@ @exec_prefix@ @libexecdir@ [@local_dir@] "
                            "@contests_home_dir@@prefix@\n",
                            k_tokens),
            "a /l/lang.d/x /opt/ejudge /opt/ejudge /opt/ejudge/libexec [] /home/judges/opt/ejudge\n");
}

TEST(ExpandTemplate, LeavesEverythingElse) {
  std::string text = "@perl@ @prefix @Prefix@ me@example.org @@ @ prefix@ \"$@\" @";
  EXPECT_EQ(expand_template(text, k_tokens), text);
  EXPECT_EQ(expand_template("@@prefix@@", k_tokens), "@/opt/ejudge@");
}

TEST(ExpandTemplate, StopsAtNul) {
  EXPECT_EQ(expand_template(std::string("a\0b", 3), k_tokens), "a");
}

TEST(ExpandTemplate, DoesNotLoopWhenAValueHoldsAToken) {
  EXPECT_EQ(expand_template("@prefix@/x", {{"prefix", "/a/@prefix@"}}), "/a/@prefix@/x");
}

TEST(IsExpansionOf, KnowsAScriptThatWasMadeForOtherDirectories) {
  std::string text = "#!/bin/sh\n. @prefix@/a\n. @libexecdir@/b\n. @prefix@/c\n";
  EXPECT_TRUE(is_expansion_of(expand_template(text, {{"prefix", "/x"}, {"libexecdir", "/y"}}), text, k_tokens));
  EXPECT_TRUE(is_expansion_of("#!/bin/sh\n. /x/a\n. /y/b\n. /x/c\n", text, k_tokens));
  EXPECT_FALSE(is_expansion_of("#!/bin/sh\n. /x/a\n. /y/b\n. /z/c\n", text, k_tokens));
  EXPECT_FALSE(is_expansion_of("#!/bin/sh\n. /x/a\n. /y/b\n. /x/c\nmine\n", text, k_tokens));
  EXPECT_FALSE(is_expansion_of("#!/bin/sh\n. /x\nmine\n/a\n. /y/b\n. /x\nmine\n/c\n", text, k_tokens));
  EXPECT_FALSE(is_expansion_of("", text, k_tokens));
  EXPECT_TRUE(is_expansion_of("a/x", "a@prefix@", k_tokens));
  EXPECT_FALSE(is_expansion_of("b/x", "a@prefix@", k_tokens));
}

TEST_F(Refresh, WritesExecutableScriptsForOthersWhateverTheUmaskIs) {
  put("system/gcc.in", "#! @prefix@/x\n", 10);
  put("scripts/in/own-version.in", "own\n", 10);
  mode_t old = ::umask(0077);
  RefreshReport report = refresh();
  ::umask(old);
  EXPECT_EQ(report.updated, (std::vector<std::string>{"gcc", "own-version"}));
  EXPECT_TRUE(report.problems.empty());
  EXPECT_EQ(get("scripts/gcc"), "#! /opt/ejudge/x\n");
  EXPECT_EQ(get("scripts/own-version"), "own\n");
  EXPECT_EQ(try_stat_at(temp_.fd(), "scripts/gcc")->st_mode, S_IFREG | 0775U);
  EXPECT_FALSE(try_stat_at(temp_.fd(), "scripts/gcc.old"));
}

TEST_F(Refresh, PrefersTheOverrideEvenWhenTheSystemTemplateIsNewer) {
  put("scripts/in/gcc.in", "override\n", 100);
  put("scripts/gcc", "override\n", 50);
  put("system/gcc.in", "system\n", 1);
  EXPECT_TRUE(refresh().updated.empty());
  EXPECT_EQ(get("scripts/gcc"), "override\n");
}

TEST_F(Refresh, LeavesAScriptThatIsNotOlderThanItsTemplate) {
  put("system/gcc.in", "template\n", 10);
  put("scripts/gcc", "edited\n", 10);
  EXPECT_TRUE(refresh().updated.empty());
  EXPECT_EQ(get("scripts/gcc"), "edited\n");
}

TEST_F(Refresh, ReplacesAnOlderScriptAndKeepsItAsOld) {
  put("system/gcc.in", "template\n", 10);
  put("scripts/gcc", "edited\n", 11);
  put("scripts/gcc.old", "older\n", 20);
  EXPECT_EQ(refresh().updated, std::vector<std::string>{"gcc"});
  EXPECT_EQ(get("scripts/gcc"), "template\n");
  EXPECT_EQ(get("scripts/gcc.old"), "edited\n");
  EXPECT_TRUE(refresh().updated.empty());
}

TEST_F(Refresh, SeesAChangeWithinTheSecond) {
  put("system/gcc.in", "template\n", 10);
  put("scripts/gcc", "edited\n", 10);
  struct timespec times[2] = {{k_now - 10, 1}, {k_now - 10, 1}};
  ASSERT_EQ(::utimensat(temp_.fd(), "system/gcc.in", times, 0), 0);
  EXPECT_EQ(refresh().updated, std::vector<std::string>{"gcc"});
}

TEST_F(Refresh, KeepsAnOldScriptOfAScriptThatIsGone) {
  put("system/gcc.in", "template\n", 10);
  put("scripts/gcc.old", "older\n", 20);
  EXPECT_EQ(refresh().updated, std::vector<std::string>{"gcc"});
  EXPECT_EQ(get("scripts/gcc.old"), "older\n");
}

TEST_F(Refresh, DoesNotTouchAnOlderScriptThatIsTheSame) {
  put("system/gcc.in", "template\n", 10);
  put("scripts/gcc", "template\n", 11);
  EXPECT_TRUE(refresh().updated.empty());
  EXPECT_EQ(try_stat_at(temp_.fd(), "scripts/gcc")->st_mtime, k_now - 11);
}

TEST_F(Refresh, WritesNewBesideALockedScript) {
  put("system/gcc.in", "template\n", 10);
  put("scripts/gcc", "mine\n", 11);
  put("scripts/gcc.lock", "", 11);
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(refresh().updated, std::vector<std::string>{"gcc"});
    EXPECT_EQ(get("scripts/gcc"), "mine\n");
    EXPECT_EQ(get("scripts/gcc.new"), "template\n");
  }
  EXPECT_EQ(try_stat_at(temp_.fd(), "scripts/gcc.new")->st_mode & 07777U, 0775U);
  EXPECT_FALSE(try_stat_at(temp_.fd(), "scripts/gcc.old"));
}

TEST_F(Refresh, MakesUneditedScriptsAgainForOtherDirectories) {
  put("system/gcc.in", ". @lang_config_dir@/gcc.cfg\n", 100);
  refresh();
  EXPECT_EQ(get("scripts/gcc"), ". /l/lang.d/gcc.cfg\n");
  EXPECT_EQ(refresh({{"lang_config_dir", "/other"}}).updated, std::vector<std::string>{"gcc"});
  EXPECT_EQ(get("scripts/gcc"), ". /other/gcc.cfg\n");
  put("scripts/gcc", ". /other/gcc.cfg\nedited\n", 5);
  EXPECT_TRUE(refresh().updated.empty());
}

TEST_F(Refresh, FollowsLinksToTemplatesAndSkipsWhatIsNoFile) {
  put("elsewhere", "linked\n", 10);
  ASSERT_EQ(::symlinkat("../elsewhere", temp_.fd(), "system/linked.in"), 0);
  make_directory_at(temp_.fd(), "system/dir.in", 0755);
  put("system/.in", "x", 10);
  put("system/notes", "x", 10);
  EXPECT_EQ(refresh().updated, std::vector<std::string>{"linked"});
  EXPECT_EQ(get("scripts/linked"), "linked\n");
}

TEST_F(Refresh, ReportsAScriptThatIsNotAFileAndGoesOn) {
  put("system/a.in", "a\n", 10);
  put("system/b.in", "b\n", 10);
  make_directory_at(temp_.fd(), "scripts/a", 0755);
  RefreshReport report = refresh();
  EXPECT_EQ(report.updated, std::vector<std::string>{"b"});
  ASSERT_EQ(report.problems.size(), 1U);
  EXPECT_NE(report.problems[0].find("a: is not a regular file"), std::string::npos);
}

TEST(ChooseTemplates, FindsNothingInDirectoriesThatAreNotThere) {
  EXPECT_TRUE(choose_templates({"/nonexistent/in", "/nonexistent/system"}).empty());
}

}  // namespace
}  // namespace ejf::lang
