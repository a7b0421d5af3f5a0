// SPDX-License-Identifier: Apache-2.0
#include "lang/configurator.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/files.h"
#include "base/temp_dir.h"

namespace ejf::lang {
namespace {

/// A site in a temporary directory, with templates that run anywhere.
class Configure : public ::testing::Test {
 protected:
  Configure() {
    for (const char* name : {"home", "home/conf", "lang", "lang/in", "tmp"}) make_directory_at(temp_.fd(), name, 0755);
    put("lang/lang_ids.cfg", "one=5\ntwo=6\nthree=6\n", 0644);
    put("lang/in/one.in", "#!/bin/sh\n. @lang_config_dir@/one.cfg\n");
    put_version("one", "version=1.0");
    settings_.script_dir = path("home/scripts");
    settings_.lang_config_dir = path("home/conf/lang.d");
    settings_.template_dir = path("lang/in");
    settings_.system_ids_file = path("lang/lang_ids.cfg");
    settings_.compile_home = path("home");
    settings_.suid_scripts_tool = path("suid-tool");
    settings_.temp_dir = path("tmp");
    settings_.tokens.lang_config_dir = settings_.lang_config_dir;
    settings_.limits.jobs = 2;
  }

  std::string path(const std::string& name) { return temp_.path() + "/" + name; }
  void put(const std::string& name, const std::string& text, mode_t mode = 0755) {
    write_file_at(temp_.fd(), name, text, mode);
  }
  void put_version(const std::string& language, const std::string& settings) {
    put("lang/in/" + language + "-version.in", "#!/bin/sh\necho \"checking $*\" >&2\ncat <<END\n" + settings +
                                                   "\narg=\"$3\"\nsrc_sfx=\"." + language + "\"\nEND\n");
  }
  std::string get(const std::string& name) { return try_read_regular_at(temp_.fd(), name, 1 << 20).value_or("(none)"); }
  mode_t mode_of(const std::string& name) {
    auto info = try_stat_at(temp_.fd(), name);
    return info ? info->st_mode & 07777 : 0;
  }
  std::string run() {
    std::string log;
    Configurator configurator(settings_, {[&](std::string_view text) { log += text; }, {}});
    configurator.prepare_directories();
    configurator.run_batch();
    return log;
  }

  TempDir temp_{"/tmp", "ejf-test-"};
  ConfiguratorSettings settings_;
};

TEST_F(Configure, MakesEverythingOnAFreshSite) {
  mode_t mask = ::umask(0077);
  std::string log = run();
  ::umask(mask);
  EXPECT_EQ(log,
            "script directory does not exist, creating...\nScripts updated: one one-version\nchecking -v -r\n"
            "1 of 1 languages are available\n" +
                path("home/conf/lang.d/one.cfg") + ": saved\n" + path("home/conf/lang.d/mcs.cfg") + ": saved\n" +
                path("home/conf/lang.d/javac.cfg") + ": saved\n" + path("home/conf/lang.d/javac7.cfg") + ": saved\n" +
                path("home/conf/lang.d/gcc-vg.cfg") + ": saved\n" + path("home/conf/lang.d/dotnet-cs.cfg") +
                ": saved\n" + path("home/conf/compile.cfg") + ": saved\n");
  EXPECT_EQ(get("home/conf/lang.d/one.cfg"), "version=1.0\narg=\"\"\nsrc_sfx=\".one\"\n");
  EXPECT_EQ(get("home/scripts/one"), "#!/bin/sh\n. " + path("home/conf/lang.d/one.cfg") + "\n");
  EXPECT_NE(get("home/conf/compile.cfg").find("id = 5\nshort_name = \"one\"\n"), std::string::npos);
  EXPECT_EQ(mode_of("home/scripts"), 0775U);
  EXPECT_EQ(mode_of("home/conf/lang.d"), 0775U);
  EXPECT_EQ(mode_of("home/scripts/one"), 0775U);
  EXPECT_EQ(mode_of("home/conf/lang.d/one.cfg"), 0644U);
  EXPECT_EQ(mode_of("home/conf/compile.cfg"), 0664U);
  EXPECT_TRUE(list_directory(open_directory(path("tmp")).get()).empty());
}

TEST_F(Configure, ChangesNothingTheSecondTime) {
  run();
  auto before = try_stat_at(temp_.fd(), "home/conf/compile.cfg");
  std::string log = run();
  EXPECT_EQ(log.find("saved"), std::string::npos) << log;
  EXPECT_NE(log.find("one.cfg: not changed\n"), std::string::npos) << log;
  EXPECT_NE(log.find("compile.cfg: not changed\n"), std::string::npos) << log;
  EXPECT_EQ(try_stat_at(temp_.fd(), "home/conf/compile.cfg")->st_ino, before->st_ino);
}

TEST_F(Configure, RemembersAnArgumentUntilItIsForgotten) {
  settings_.arguments = {{"one", "/opt/one"}, {"nine", "/x"}};
  std::string log = run();
  EXPECT_NE(log.find("checking -v -r /opt/one\n"), std::string::npos) << log;
  EXPECT_NE(log.find("there is no language 'nine'"), std::string::npos) << log;
  settings_.arguments.clear();
  EXPECT_NE(run().find("checking -v -r /opt/one\n"), std::string::npos);
  settings_.arguments = {{"one", ""}};
  EXPECT_NE(run().find("checking -v -r\n"), std::string::npos);
  settings_.arguments.clear();
  EXPECT_NE(run().find("checking -v -r\n"), std::string::npos);
}

TEST_F(Configure, DisablesOnlyTheLanguageThatMisbehaves) {
  run();
  put("home/scripts/bad-version", "#!/bin/sh\necho garbage here\n");
  put("home/scripts/dead-version", "#!/bin/sh\nkill -9 $$\n");
  put("home/scripts/slow-version", "#!/bin/sh\nsleep 1000\n");
  put("home/scripts/data-version", "#!/bin/sh\n", 0644);
  settings_.limits.timeout = std::chrono::milliseconds(500);
  std::string log = run();
  EXPECT_NE(log.find("bad: disabled: its version script prints what is no setting"), std::string::npos) << log;
  EXPECT_NE(log.find("dead: disabled: its version script was killed by signal 9"), std::string::npos) << log;
  EXPECT_NE(log.find("slow: disabled: its version script did not end within 0.5 s"), std::string::npos) << log;
  EXPECT_NE(log.find("data-version: is not executable; the language is left out"), std::string::npos) << log;
  EXPECT_NE(log.find("1 of 4 languages are available"), std::string::npos) << log;
  EXPECT_EQ(get("home/conf/lang.d/bad.cfg"), "(none)");
  EXPECT_EQ(get("home/conf/lang.d/dead.cfg"), "");
  EXPECT_NE(log.find("compile.cfg: not changed"), std::string::npos) << log;
}

TEST_F(Configure, PrefersTheRegistryOfTheSite) {
  make_directory_at(temp_.fd(), "home/scripts", 0755);
  put("home/scripts/lang_ids.cfg", "one=300\n", 0644);
  put_version("new", "version=1");
  put("lang/in/new.in", "#!/bin/sh\n");
  run();
  std::string text = get("home/conf/compile.cfg");
  EXPECT_NE(text.find("id = 90\nshort_name = \"new\""), std::string::npos) << text;
  EXPECT_NE(text.find("id = 300\nshort_name = \"one\""), std::string::npos) << text;
}

TEST_F(Configure, SaysWhatIsWrongWithRegistries) {
  put("lang/lang_ids.cfg", "one=x\n", 0644);
  EXPECT_NE(run().find("invalid language id 'x' of one\n"), std::string::npos);
  put("lang/lang_ids.cfg", "one 5\n", 0644);
  EXPECT_NE(run().find("lang_ids.cfg:1: "), std::string::npos);
  settings_.system_ids_file = path("none");
  EXPECT_EQ(run().find("no language ids are configured\n"), std::string::npos);
  ASSERT_TRUE(try_unlink_at(temp_.fd(), "home/conf/compile.cfg"));
  EXPECT_NE(run().find("no language ids are configured\n"), std::string::npos);
}

TEST_F(Configure, GoesOnWhenCompileCfgCannotBeWritten) {
  put("home/conf/compile.cfg", "@include \"x\"\n", 0644);
  put("suid-tool", "#!/bin/sh\necho \"tool $*\" >&2\ntouch \"${0%/*}/called-$1\"\n");
  std::string log = run();
  EXPECT_NE(log.find("contains conditional directives\n"), std::string::npos) << log;
  EXPECT_NE(log.find("compile.cfg: save failed\n"), std::string::npos) << log;
  EXPECT_EQ(get("home/conf/compile.cfg"), "@include \"x\"\n");
  EXPECT_TRUE(try_stat_at(temp_.fd(), "called-all"));
}

TEST_F(Configure, LeavesCompileCfgAloneWhenToldSo) {
  settings_.preserve_compile_cfg = true;
  EXPECT_EQ(run().find("compile.cfg"), std::string::npos);
  EXPECT_EQ(get("home/conf/compile.cfg"), "(none)");
  EXPECT_NE(get("home/conf/lang.d/one.cfg"), "(none)");
}

TEST_F(Configure, KeepsABackupAndOtherKeysOfCompileCfg) {
  put("home/conf/compile.cfg", "# mine\ncompile_real_time_limit = 7\n", 0640);
  EXPECT_NE(run().find("compile.cfg: saved\n"), std::string::npos);
  EXPECT_TRUE(get("home/conf/compile.cfg").starts_with("# mine\ncompile_real_time_limit = 7\n"));
  EXPECT_EQ(mode_of("home/conf/compile.cfg"), 0640U);
  int backups = 0;
  for (const auto& name : list_directory(open_directory(path("home/conf")).get())) {
    if (!name.starts_with("compile.cfg.")) continue;
    ++backups;
    EXPECT_EQ(get("home/conf/" + name), "# mine\ncompile_real_time_limit = 7\n");
  }
  EXPECT_EQ(backups, 1);
}

TEST_F(Configure, MakesAnUnreadableLangFileReadable) {
  run();
  put("home/conf/lang.d/one.cfg", get("home/conf/lang.d/one.cfg"), 0600);
  EXPECT_NE(run().find("one.cfg: saved\n"), std::string::npos);
  EXPECT_EQ(mode_of("home/conf/lang.d/one.cfg"), 0644U);
}

TEST_F(Configure, WarnsAboutALanguageThatCannotCompile) {
  put("lang/in/two-version.in", "#!/bin/sh\necho version=1\n");
  std::string log = run();
  EXPECT_NE(log.find("two: warning: its compile script " + path("home/scripts/two") + " is not there"),
            std::string::npos)
      << log;
  EXPECT_NE(log.find("two: warning: its version script prints no src_sfx"), std::string::npos) << log;
}

TEST_F(Configure, WarnsWhenTheServerLooksForLangFilesElsewhere) {
  put("home/conf/compile.cfg", "lang_config_dir = \"/elsewhere\"\n", 0644);
  EXPECT_NE(run().find("says that lang_config_dir is /elsewhere, but"), std::string::npos);
  put("home/conf/compile.cfg", "lang_config_dir = \"" + settings_.lang_config_dir + "\"\n", 0644);
  EXPECT_EQ(run().find("says that lang_config_dir"), std::string::npos);
}

TEST_F(Configure, RefusesAFileInPlaceOfADirectory) {
  put("home/scripts", "", 0644);
  EXPECT_THROW(run(), Error);
}

TEST_F(Configure, ListsWhatTheScriptsSay) {
  run();
  put("home/scripts/x-version", "#!/bin/sh\n[ $1 = -l ] && echo 'X language'\n");
  auto list = Configurator(settings_, {[](std::string_view) {}, {}}).list();
  // one-version prints its settings whatever it is asked.
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].language, "one");
  EXPECT_EQ(list[1].text, "X language");
}

}  // namespace
}  // namespace ejf::lang
