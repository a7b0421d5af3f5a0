// SPDX-License-Identifier: Apache-2.0
#include "lang/probe.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/temp_dir.h"

namespace ejf::lang {
namespace {

using std::chrono::milliseconds;

/// A directory of version scripts and one to probe in.
class ProbeLanguages : public ::testing::Test {
 protected:
  ProbeLanguages() {
    make_directory_at(temp_.fd(), "scripts", 0755);
    make_directory_at(temp_.fd(), "work", 0755);
  }
  Probe probe(const std::string& body, const std::string& argument = "", milliseconds timeout = milliseconds(60000)) {
    return probe_all({{"foo", body}}, argument, timeout).at(0);
  }
  std::vector<Probe> probe_all(const std::vector<std::pair<std::string, std::string>>& scripts,
                               const std::string& argument = "", milliseconds timeout = milliseconds(60000)) {
    std::vector<ProbeRequest> requests;
    for (const auto& [language, body] : scripts) {
      write_file_at(temp_.fd(), "scripts/" + language + "-version", "#!/bin/sh\n" + body, 0755);
      requests.push_back({language, argument});
    }
    return probe_languages(
        temp_.path() + "/scripts", requests, temp_.path() + "/work", {.jobs = 4, .timeout = timeout},
        {[&](std::string_view piece) { log_.append(piece); }, [&](const Progress& now) { progress_.push_back(now); }});
  }

  TempDir temp_{"/tmp", "ejf-test-"};
  std::string log_;
  std::vector<Progress> progress_;
};

TEST_F(ProbeLanguages, TakesTheOutputByteForByte) {
  std::string output = "version=\"1.2\"\n\n# a comment\nlong_name='Foo \xd1\x8f' \nFOODIR=/a\nversion=\"1.3\"\n";
  Probe result = probe("cat <<'END'\n" + output + "END\n");
  EXPECT_TRUE(result.is_readable);
  EXPECT_TRUE(result.is_enabled);
  EXPECT_EQ(result.reason, "");
  EXPECT_EQ(result.output, output);
  EXPECT_EQ(result.short_name, "foo");
  EXPECT_EQ(result.value("version"), "1.3");
  EXPECT_EQ(result.value("long_name"), "Foo \xd1\x8f");
  EXPECT_EQ(result.value("versio"), "");
}

TEST_F(ProbeLanguages, PassesTheArgumentOnlyWhenThereIsOne) {
  EXPECT_EQ(probe("echo version=1; echo \"count=$#\"; echo \"all='$*'\"").value("all"), "-v -r");
  Probe result = probe("echo version=1; echo \"count=$#\"; echo \"all='$*'\"", "/opt/x y");
  EXPECT_EQ(result.value("count"), "3");
  EXPECT_EQ(result.value("all"), "-v -r /opt/x y");
}

TEST_F(ProbeLanguages, RunsEachInItsOwnDirectoryWithoutStandardInput) {
  std::vector<std::pair<std::string, std::string>> scripts;
  for (const char* name : {"a", "b", "c", "d"}) {
    scripts.emplace_back(name, "mkdir conftest && cat && echo version=1 && echo \"dir=$PWD\"");
  }
  auto probes = probe_all(scripts);
  ASSERT_EQ(probes.size(), 4U);
  for (const auto& result : probes) {
    EXPECT_TRUE(result.is_enabled);
    EXPECT_EQ(result.value("dir"), temp_.path() + "/work/" + result.language);
  }
}

TEST_F(ProbeLanguages, NeedsBothTheVersionAndTheStatus) {
  EXPECT_FALSE(probe("echo version=").is_enabled);
  EXPECT_FALSE(probe("echo long_name=x").is_enabled);
  Probe failed = probe("echo version=1; echo arg=/x; exit 1");
  EXPECT_FALSE(failed.is_enabled);
  EXPECT_TRUE(failed.is_readable);
  EXPECT_EQ(failed.output, "version=1\narg=/x\n");
  EXPECT_NE(failed.reason.find("failed with status 1"), std::string::npos);
  // An honest "not there" needs no explanation.
  EXPECT_EQ(probe("echo version=; exit 1").reason, "");
}

TEST_F(ProbeLanguages, KeepsAnEmptyOutputAsAnEmptyFile) {
  Probe result = probe("exit 0");
  EXPECT_TRUE(result.is_readable);
  EXPECT_FALSE(result.is_enabled);
  EXPECT_EQ(result.output, "");
}

TEST_F(ProbeLanguages, DisablesWhatHangs) {
  Probe result = probe("echo version=1; sleep 1000", "", milliseconds(200));
  EXPECT_FALSE(result.is_readable);
  EXPECT_FALSE(result.is_enabled);
  EXPECT_NE(result.reason.find("did not end within 0.2 s"), std::string::npos) << result.reason;
}

TEST_F(ProbeLanguages, DisablesWhatPrintsGarbage) {
  for (const char* body : {"echo hello world", "printf 'version=1\\nexport X=1\\n'", "echo 'version=\"1'"}) {
    Probe result = probe(body);
    EXPECT_FALSE(result.is_readable) << body;
    EXPECT_FALSE(result.is_enabled) << body;
    EXPECT_NE(result.reason.find("foo-version:"), std::string::npos) << result.reason;
  }
  Probe nul = probe("printf 'version=1\\n\\000'");
  EXPECT_FALSE(nul.is_readable);
  EXPECT_NE(nul.reason.find("NUL"), std::string::npos);
}

TEST_F(ProbeLanguages, DisablesWhatCrashes) {
  Probe result = probe("echo version=1; kill -SEGV $$");
  EXPECT_FALSE(result.is_enabled);
  EXPECT_NE(result.reason.find("killed by signal 11"), std::string::npos) << result.reason;
}

TEST_F(ProbeLanguages, DisablesAScriptWithoutAnInterpreterLine) {
  write_file_at(temp_.fd(), "scripts/bare-version", "echo version=1\n", 0755);
  auto probes = probe_languages(temp_.path() + "/scripts", {{"bare", ""}}, temp_.path() + "/work", {},
                                {[](std::string_view) {}, {}});
  EXPECT_FALSE(probes.at(0).is_enabled);
  EXPECT_NE(probes.at(0).reason.find("cannot be started"), std::string::npos);
}

TEST_F(ProbeLanguages, TakesHugeOutputOnBothPipes) {
  Probe result = probe(
      "echo version=1; i=0\n"
      "while [ $i -lt 3000 ]; do echo '# 345678901234567890123456789012345'; echo 'e 34567890123456789' >&2; "
      "i=$((i+1)); done");
  EXPECT_TRUE(result.is_enabled);
  EXPECT_EQ(result.output.size(), 10U + 3000 * 36);
  EXPECT_EQ(log_.size(), 3000U * 20);
}

TEST_F(ProbeLanguages, EndsALineThatAScriptLeftOpenBeforeTheNextOneSpeaks) {
  probe_all({{"a", "printf 'checking...' >&2"}, {"b", "echo b >&2"}, {"c", "printf end >&2"}});
  EXPECT_EQ(log_, "checking...\nb\nend\n");
}

TEST_F(ProbeLanguages, TellsHowFarItIs) {
  probe_all({{"a", "echo version=1"}, {"b", "echo version=1"}});
  ASSERT_GE(progress_.size(), 2U);
  EXPECT_EQ(progress_.front().done, 0U);
  EXPECT_EQ(progress_.front().running, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(progress_.back().done, 2U);
  EXPECT_EQ(progress_.back().total, 2U);
  EXPECT_TRUE(progress_.back().running.empty());
}

TEST_F(ProbeLanguages, TakesThePathFromWhatTheScriptTells) {
  auto probes =
      probe_all({{"a", "echo 'checking whether a is available... yes, /usr/bin/a b, 1.0' >&2; echo version=1"},
                 {"b", "echo 'checking whether b is available... no' >&2; echo version="}});
  EXPECT_EQ(probes[0].path, "/usr/bin/a b");
  EXPECT_EQ(probes[1].path, "");
  EXPECT_EQ(find_tool_path("x... yes, /old, 1\nx... yes, /new, 2\nnote... y, z"), "/new");
  EXPECT_EQ(find_tool_path("x... yes, /unfinished\n, 1"), "");
}

TEST_F(ProbeLanguages, ExplainsWhyALanguageIsOff) {
  EXPECT_EQ(explain_off(probe("echo version=1")), "");
  EXPECT_EQ(explain_off(probe("echo version=")), "no compiler that works was found");
  EXPECT_EQ(explain_off(probe("echo version=", "/opt/x")), "there is no compiler that works at /opt/x");
  EXPECT_EQ(explain_off(probe("echo version=", "false")), "switched off (--without-foo)");
  EXPECT_NE(explain_off(probe("kill -9 $$", "false")).find("signal 9"), std::string::npos);
}

TEST_F(ProbeLanguages, UsesTheShortNameOfTheScript) {
  EXPECT_EQ(probe("echo version=1; echo short_name=bar").short_name, "bar");
  Probe bad = probe("echo version=1; echo \"short_name='b r'\"");
  EXPECT_FALSE(bad.is_enabled);
  EXPECT_NE(bad.reason.find("short name"), std::string::npos);
  EXPECT_FALSE(probe("echo version=1; echo short_name=abcdefghijklmnopqrstuvwxyzabcdef").is_enabled);
  EXPECT_TRUE(probe("echo version=1; echo short_name=abcdefghijklmnopqrstuvwxyz-+_12").is_enabled);
}

TEST(ChooseProbeArgument, IsStickyUntilAnotherIsGiven) {
  std::string stored = "version=1\nargument=/wrong\narg=\"/opt/gcc\"\n";
  EXPECT_EQ(choose_probe_argument({}, "gcc", stored), "/opt/gcc");
  EXPECT_EQ(choose_probe_argument({{"gcc", "/new"}}, "gcc", stored), "/new");
  EXPECT_EQ(choose_probe_argument({{"g++", "/new"}}, "gcc", stored), "/opt/gcc");
  EXPECT_EQ(choose_probe_argument({{"gcc", "false"}}, "gcc", stored), "false");
}

TEST(ChooseProbeArgument, ForgetsTheStoredOneWhenTheGivenOneIsEmpty) {
  EXPECT_EQ(choose_probe_argument({{"gcc", ""}}, "gcc", "arg=false\n"), "");
}

TEST(ChooseProbeArgument, TakesNoneFromAFileThatIsBroken) {
  EXPECT_EQ(choose_probe_argument({}, "gcc", "arg=/x\nexport y\n"), "");
  EXPECT_EQ(choose_probe_argument({}, "gcc", "argument=/x\n"), "");
  EXPECT_EQ(choose_probe_argument({}, "gcc", ""), "");
}

}  // namespace
}  // namespace ejf::lang
