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
  /// So that the template counts as changed since.
  void make_old(const std::string& name) {
    timespec times[2] = {{1000000000, 0}, {1000000000, 0}};
    ASSERT_EQ(::utimensat(temp_.fd(), name.c_str(), times, 0), 0);
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
    failures_ = configurator.failures();
    changes_ = configurator.changes();
    return log;
  }
  const FileChange* change_of(const std::string& name) const {
    for (const auto& change : changes_) {
      if (change.path.ends_with(name)) return &change;
    }
    return nullptr;
  }

  TempDir temp_{"/tmp", "ejf-test-"};
  ConfiguratorSettings settings_;
  std::vector<std::string> failures_;
  std::vector<FileChange> changes_;
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
  EXPECT_NE(log.find("tool all\n"), std::string::npos) << log;
  EXPECT_TRUE(failures_.empty());
}

TEST_F(Configure, SaysThatTheHelperOfEjudgeFailed) {
  put("suid-tool", "#!/bin/sh\necho not root; exit 1\n");
  std::string log = run();
  EXPECT_NE(log.find("not root\n" + path("suid-tool") + " all: failed; programs"), std::string::npos) << log;
  EXPECT_EQ(failures_.size(), 1U);
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

TEST_F(Configure, LooksOnlyAtTheLanguagesThatAreNamed) {
  put_version("two", "version=2");
  put("lang/in/two.in", "#!/bin/sh\n");
  run();
  std::string before = get("home/conf/compile.cfg");
  put_version("one", "version=");
  put_version("two", "version=2.1");
  make_old("home/scripts/one-version");
  make_old("home/scripts/two-version");
  settings_.only = {"two"};
  std::string log = run();
  EXPECT_NE(log.find("1 of 1 languages are available"), std::string::npos) << log;
  EXPECT_EQ(log.find("one.cfg"), std::string::npos) << log;
  std::string after = get("home/conf/compile.cfg");
  EXPECT_NE(after.find("version = \"2.1\""), std::string::npos) << after;
  // From behind the date of the file on.
  const auto root_to_two = [](const std::string& cfg) {
    const std::size_t root = cfg.find("root_dir");
    return cfg.substr(root, cfg.find("two") - root);
  };
  EXPECT_EQ(root_to_two(after), root_to_two(before));
  EXPECT_EQ(after.find("disabled"), std::string::npos) << after;
  settings_.only = {"two", "three"};
  EXPECT_THROW(run(), UsageError);
  settings_.only = {"two"};
  settings_.arguments = {{"one", "/x"}};
  EXPECT_NE(run().find("'one' is not among the languages of --only"), std::string::npos);
}

TEST_F(Configure, CountsAsFailedOnlyWhatWasWanted) {
  put("lang/in/one.in", "#!/bin/sh\n");
  put_version("absent", "version=");
  run();
  EXPECT_TRUE(failures_.empty()) << failures_[0];
  settings_.arguments = {{"absent", "false"}};
  run();
  EXPECT_TRUE(failures_.empty()) << failures_[0];
  settings_.arguments = {{"absent", "/opt/absent"}};
  EXPECT_NE(run().find("absent: disabled: there is no compiler that works at /opt/absent\n"), std::string::npos);
  EXPECT_EQ(failures_.size(), 1U);
  settings_.arguments = {{"absent", ""}};
  settings_.only = {"absent"};
  run();
  EXPECT_EQ(failures_, (std::vector<std::string>{"absent: disabled: no compiler that works was found"}));
}

TEST_F(Configure, ChangesNothingInARehearsal) {
  settings_.is_rehearsal = true;
  put("suid-tool", "#!/bin/sh\ntouch \"${0%/*}/called\"\n");
  std::string log = run();
  EXPECT_NE(log.find("Scripts that would be updated: one one-version\n"), std::string::npos) << log;
  EXPECT_NE(log.find("would run " + path("suid-tool") + " all\n"), std::string::npos) << log;
  EXPECT_EQ(log.find(": saved"), std::string::npos) << log;
  EXPECT_FALSE(try_stat_at(temp_.fd(), "home/scripts"));
  EXPECT_FALSE(try_stat_at(temp_.fd(), "home/conf/lang.d"));
  EXPECT_FALSE(try_stat_at(temp_.fd(), "home/conf/compile.cfg"));
  EXPECT_FALSE(try_stat_at(temp_.fd(), "called"));
  EXPECT_TRUE(list_directory(open_directory(path("tmp")).get()).empty());
  ASSERT_NE(change_of("lang.d/one.cfg"), nullptr);
  EXPECT_EQ(change_of("lang.d/one.cfg")->diff, "--- /dev/null\n+++ " + path("home/conf/lang.d/one.cfg") +
                                                   "\n@@ -0,0 +1,3 @@\n+version=1.0\n+arg=\"\"\n+src_sfx=\".one\"\n");
  EXPECT_EQ(change_of("scripts/one")->state, FileChange::State::would_be_saved);
  EXPECT_NE(change_of("scripts/one")->diff.find("+. " + path("home/conf/lang.d/one.cfg")), std::string::npos);
  EXPECT_NE(change_of("compile.cfg")->diff.find("+short_name = \"one\"\n"), std::string::npos);
}

TEST_F(Configure, ShowsInARehearsalWhatARunWouldChange) {
  run();
  put("lang/in/one-version.in", "#!/bin/sh\nprintf 'version=2.0\\nsrc_sfx=.one\\n'\n");
  make_old("home/scripts/one-version");
  put("home/scripts/one-version.lock", "");
  settings_.is_rehearsal = true;
  // Locked: the old script goes on, and the new one would lie beside it.
  run();
  EXPECT_EQ(change_of("lang.d/one.cfg")->state, FileChange::State::unchanged);
  EXPECT_NE(change_of("scripts/one-version.new"), nullptr);
  ASSERT_TRUE(try_unlink_at(temp_.fd(), "home/scripts/one-version.lock"));
  run();
  EXPECT_NE(change_of("lang.d/one.cfg")->diff.find("-version=1.0\n"), std::string::npos);
  EXPECT_NE(change_of("compile.cfg")->diff.find("-version = \"1.0\"\n+version = \"2.0\"\n"), std::string::npos)
      << change_of("compile.cfg")->diff;
  EXPECT_EQ(get("home/conf/lang.d/one.cfg"), "version=1.0\narg=\"\"\nsrc_sfx=\".one\"\n");
  EXPECT_FALSE(try_stat_at(temp_.fd(), "home/scripts/one-version.new"));
}

TEST_F(Configure, KeepsTheSectionOfALanguageWhoseScriptHasBroken) {
  put_version("one", "version=1\nshort_name=uno");
  run();
  EXPECT_NE(get("home/conf/compile.cfg").find("\"uno\""), std::string::npos);
  put("home/scripts/one-version", "#!/bin/sh\necho garbage here\n");
  run();
  EXPECT_NE(get("home/conf/compile.cfg").find("short_name = \"uno\"\n"), std::string::npos);
  EXPECT_NE(get("home/conf/compile.cfg").find("disabled\n"), std::string::npos);
}

/// A jail that says what a test wants.
class ConfigureInJail : public Configure {
 protected:
  ConfigureInJail() {
    for (const char* name : {"samples", "samples/one", "samples/two"}) make_directory_at(temp_.fd(), name, 0755);
    put("samples/one/correct.one", "one", 0644);
    put("samples/two/correct.two", "two", 0644);
    put("lang/in/two.in", "#!/bin/sh\n");
    put_version("two", "version=2");
    settings_.sample_dirs = {path("none"), path("samples")};
    settings_.jail_test = [this](const ServerPlace& place, const std::vector<SampleJob>& jobs, const Listener&) {
      place_ = place;
      jobs_ = jobs;
      staged_cfg_ = read_file(place.compile_cfg, 1 << 20);
      staged_lang_ = read_file(place.lang_config_dir + "/one.cfg", 1 << 20);
      if (is_broken_) throw Error("no user namespaces");
      std::vector<SampleVerdict> verdicts;
      for (const auto& job : jobs) {
        bool is_bad = job.language == bad_ || bad_ == "all";
        verdicts.push_back(
            {!is_bad, is_bad ? "compile error: no such file" : "", is_bad ? "no such file\nreally\n" : ""});
      }
      return verdicts;
    };
  }

  std::string bad_;
  bool is_broken_ = false;
  ServerPlace place_;
  std::vector<SampleJob> jobs_;
  std::string staged_cfg_;
  std::string staged_lang_;
};

TEST_F(ConfigureInJail, TriesEachLanguageThatHasASample) {
  put_version("three", "version=3");
  put("lang/in/three.in", "#!/bin/sh\n");
  std::string log = run();
  ASSERT_EQ(jobs_.size(), 2U);
  EXPECT_EQ(jobs_[0].sample, path("samples/one/correct.one"));
  EXPECT_EQ(jobs_[0].lang_config, "");
  EXPECT_EQ(place_.lang_config_dir, path("home/conf/lang.d"));
  EXPECT_NE(staged_cfg_.find("short_name = \"two\""), std::string::npos);
  EXPECT_NE(log.find("not tried in the jail, because there is no sample program: three\n"), std::string::npos) << log;
  EXPECT_NE(log.find("2 of 2 languages compile their sample in the jail\n"), std::string::npos) << log;
  EXPECT_TRUE(failures_.empty());
}

TEST_F(ConfigureInJail, SwitchesOffWhatDoesNotWorkThere) {
  bad_ = "two";
  std::string log = run();
  EXPECT_NE(log.find("two: disabled: it does not work in the jail: compile error: no such file\n    no such file\n"
                     "    really\n"),
            std::string::npos)
      << log;
  EXPECT_EQ(get("home/conf/compile.cfg").find("\"two\""), std::string::npos);
  EXPECT_EQ(get("home/conf/lang.d/two.cfg"), "version=2\narg=\"\"\nsrc_sfx=\".two\"\n");
  EXPECT_EQ(failures_.size(), 1U);
  bad_ = "";
  run();
  EXPECT_NE(get("home/conf/compile.cfg").find("\"two\""), std::string::npos);
  bad_ = "two";
  run();
  std::string text = get("home/conf/compile.cfg");
  EXPECT_NE(text.find("disabled\n", text.find("\"two\"")), std::string::npos) << text;
}

TEST_F(ConfigureInJail, GoesOnWhereThereIsNoJail) {
  is_broken_ = true;
  std::string log = run();
  EXPECT_NE(log.find("warning: the languages were not tried in the jail: no user namespaces\n"), std::string::npos);
  EXPECT_NE(get("home/conf/compile.cfg").find("\"two\""), std::string::npos);
  EXPECT_EQ(failures_.size(), 1U);
}

TEST_F(ConfigureInJail, DoesNotBlameTheLanguagesForAJailInWhichNothingWorks) {
  put_version("three", "version=3");
  put("lang/in/three.in", "#!/bin/sh\n");
  make_directory_at(temp_.fd(), "samples/three", 0755);
  put("samples/three/correct.three", "three", 0644);
  bad_ = "all";
  std::string log = run();
  EXPECT_NE(log.find("not one of 3 samples compiles there (one: compile error: no such file)"), std::string::npos);
  EXPECT_NE(get("home/conf/compile.cfg").find("\"three\""), std::string::npos);
  EXPECT_EQ(failures_.size(), 1U);
}

TEST_F(ConfigureInJail, TriesBeforeAnythingIsSavedWhenSomebodyWatches) {
  run();
  put_version("one", "version=1.1");
  make_old("home/scripts/one-version");
  Configurator configurator(settings_, {[](std::string_view) {}, {}});
  configurator.look();
  EXPECT_NE(place_.lang_config_dir, path("home/conf/lang.d"));
  ASSERT_FALSE(jobs_.empty());
  EXPECT_EQ(jobs_[0].lang_config, place_.lang_config_dir + "/one.cfg");
  EXPECT_EQ(staged_lang_, "version=1.1\narg=\"\"\nsrc_sfx=\".one\"\n");
  EXPECT_EQ(get("home/conf/lang.d/one.cfg"), "version=1.0\narg=\"\"\nsrc_sfx=\".one\"\n");
  bad_ = "two";
  configurator.look_again("two", "/opt/two");
  EXPECT_EQ(jobs_.size(), 1U);
  EXPECT_FALSE(configurator.probes()[1].is_enabled);
  EXPECT_EQ(configurator.probes()[1].jail, JailState::failed);
  EXPECT_EQ(configurator.language_ids().at("one"), 5);
  configurator.save();
  EXPECT_NE(get("home/conf/lang.d/two.cfg").find("arg=\"/opt/two\""), std::string::npos);
  EXPECT_THROW(configurator.look_again("nine", ""), Error);
}

}  // namespace
}  // namespace ejf::lang
