// SPDX-License-Identifier: Apache-2.0
#include "compile/container_options.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/files.h"
#include "base/temp_dir.h"

namespace ejf::compile {
namespace {

using Strings = std::vector<std::string>;
using std::chrono::milliseconds;

/// Everything of the options in one line; only what is set.
std::string describe(const ContainerOptions& options) {
  std::string out;
  auto add = [&](const char* name, const auto& value) {
    if (value) out.append(name).append("=").append(std::to_string(*value)).append(" ");
  };
  auto add_time = [&](const char* name, const std::optional<milliseconds>& value) {
    if (value) out.append(name).append("=").append(std::to_string(value->count())).append(" ");
  };
  if (options.network) out += "network ";
  if (options.loopback) out += "loopback ";
  add_time("cpu", options.cpu_time);
  add_time("real", options.real_time);
  add("vm", options.address_space);
  add("stack", options.stack);
  add("rss", options.memory);
  add("file", options.file_size);
  add("files", options.open_files);
  add("processes", options.processes);
  for (const std::string& path : options.shown_paths) out += path + " ";
  for (const std::string& item : options.ignored) out += "[" + item.substr(0, item.find(':')) + "] ";
  if (!out.empty()) out.pop_back();
  return out;
}

struct Case {
  const char* text;
  const char* expected;
};

class Options : public testing::TestWithParam<Case> {};

TEST_P(Options, AreUnderstood) {
  EXPECT_EQ(describe(parse_container_options(GetParam().text)), GetParam().expected) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(WhatIsSo, Options,
                         testing::Values(Case{"", ""}, Case{",, ,", ""}, Case{"mCs0mP", ""}, Case{"sesfsmss", ""},
                                         Case{"mMmE", ""}));

INSTANTIATE_TEST_SUITE_P(WhatIsShown, Options,
                         testing::Values(Case{"mv", "/var"}, Case{"memh", "/etc /home"}, Case{"mvmv,mv", "/var"},
                                         Case{"mn", "network"}, Case{"ml", "loopback"}, Case{"mr", "[mr]"},
                                         Case{"mSmd", "[mS] [md]"}));

INSTANTIATE_TEST_SUITE_P(Limits, Options,
                         testing::Values(Case{"lt5000", "cpu=5000"}, Case{"lt5000lr7000", "cpu=5000 real=7000"},
                                         Case{"lt0", "cpu=0"}, Case{"lr0", "real=0"}, Case{"mamb", "cpu=0 real=0"},
                                         Case{"lo100,lu30", "files=100 processes=30"}, Case{"lo0", "files=0"},
                                         Case{"lu0", "[lu0]"}, Case{"ls8m", "stack=8388608"},
                                         Case{"lv1g", "vm=1073741824"}, Case{"lv64Kmv", "vm=65536 /var"},
                                         Case{"lR512M", "rss=536870912"}, Case{"lf1000", "file=1000"},
                                         Case{"mV", "vm=0"}, Case{"lv1gmV", "vm=0"},
                                         Case{"ls0lv0lR0lf0", "[ls0] [lv0] [lR0] [lf0]"},
                                         Case{"ls1mls2m", "stack=2097152"}, Case{"lm022mv", "/var [lm022]"}));

INSTANTIATE_TEST_SUITE_P(WhatIsTooLarge, Options,
                         testing::Values(Case{"lv99999999999999999999999,mv", "/var [lv99999999999999999999999]"},
                                         Case{"ls9999999999g", "[ls9999999999g]"},
                                         Case{"lt99999999999999,mn", "network [lt99999999999999]"},
                                         Case{"lu4294967297", "[lu4294967297]"}));

INSTANTIATE_TEST_SUITE_P(Texts, Options,
                         testing::Values(Case{"ol9dotnet-cs", "file=0"}, Case{"ol'dotnet-vb'mv", "file=0 /var"},
                                         Case{"ol3ghcmn", "network"}, Case{"w8/sandboxmn", "network [w8/sandbox]"},
                                         Case{"w:/a b:mn", "network [w]"},
                                         Case{"ri9/dev/nullmn", "network [ri9/dev/null]"},
                                         Case{"rO3mvvre1xrn", "[rO3mvv] [re1x] [rn]"}, Case{"rm2mvmh", "/home [rm2mv]"},
                                         Case{"cw4/tmpcf3cu2f7", "[cw4/tmp] [cf3] [cu2] [f7]"}));

INSTANTIATE_TEST_SUITE_P(WhatCannotBeRead, Options,
                         testing::Values(Case{"x", "[x]"}, Case{"mZmv", "[mZmv]"}, Case{"mZ,mv", "/var [mZ]"},
                                         Case{"mnxyz,mh", "network /home [xyz]"}, Case{"lt,mv", "/var [lt]"},
                                         Case{"lt-5,mv", "/var [lt-5]"}, Case{"lm9,mv", "/var [lm9]"},
                                         Case{"ls", "[ls]"}, Case{"w99/short,mv", "/var [w99/short]"},
                                         Case{"w:open,mv", "/var [w]"}, Case{"ol", "[ol]"}, Case{"m", "[m]"},
                                         Case{"l", "[l]"}, Case{"w99999999999999999999x", "[w99999999999999999999x]"}));

TEST(ContainerOptions, SayWhyTheyIgnoreSomething) {
  EXPECT_EQ(parse_container_options("mr").ignored, Strings{"mr: in /run are the sockets of the host's services"});
  EXPECT_EQ(parse_container_options("!\n\"x\"").ignored, Strings{"!\\n\\\"x\\\": no option of a container"});
}

TEST(ContainerOptions, ComplainInReasonableLength) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "x" + std::string(1000, 'y') + ",";
  const Strings ignored = parse_container_options(text).ignored;
  ASSERT_EQ(ignored.size(), 21U);
  EXPECT_LT(ignored.front().size(), 120U);
  EXPECT_EQ(ignored.back(), "and more");
}

TEST(ContainerOptions, EndAtEveryPlace) {
  const std::string text = "mClt5000,ls8mri9/dev/nullol'ghc'w4/tmpmvlR1glm022cu1";
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const ContainerOptions options = parse_container_options(text.substr(0, length));
    EXPECT_LE(options.ignored.size(), 4U) << length;
  }
}

TEST(ContainerOptions, OverrideOnlyWhatTheyName) {
  jail::RunSpec run;
  run.limits.cpu_time = milliseconds{60'000};
  run.limits.memory = 1000;
  run.limits.address_space = 1000;
  run.network = true;
  apply(parse_container_options("lt5lo7mV"), {}, run);
  EXPECT_EQ(run.limits.cpu_time, milliseconds{5});
  EXPECT_EQ(run.limits.real_time, milliseconds{60'000});
  EXPECT_EQ(run.limits.memory, 1000U);
  EXPECT_EQ(run.limits.address_space, 0U);
  EXPECT_EQ(run.limits.open_files, 7U);
  EXPECT_TRUE(run.network);
  EXPECT_FALSE(run.loopback);
  EXPECT_TRUE(run.visible.empty());
}

TEST(ContainerOptions, ShowDirectoriesAndCoverWhatIsHidden) {
  TempDir directory("/tmp", "options_test-");
  const std::string& top = directory.path();
  for (const char* name : {"/home", "/home/spool", "/home/contests", "/home/contests/compile", "/other", "/homes"}) {
    make_directory(top + name, 0755);
  }
  write_file_at(directory.fd(), "home/file", "", 0644);
  ASSERT_EQ(::symlinkat("home/contests", directory.fd(), "link"), 0);
  ContainerOptions options;
  options.shown_paths = {top + "/home", top + "/missing"};
  jail::RunSpec run;
  apply(options,
        {.closed = {top + "/home/spool", top + "/other", top + "/homes", top + "/home/gone", top + "/home/file"},
         .contests_home = top + "/link",
         .compile_home = top + "/link/compile"},
        run);
  Strings shown;
  Strings covered;
  for (const auto& each : run.visible) (each.fd ? shown : covered).push_back(each.path);
  EXPECT_EQ(shown, (Strings{top + "/home", top + "/link/compile"}));
  EXPECT_EQ(covered, (Strings{top + "/home/spool", top + "/home/contests"}));
}

}  // namespace
}  // namespace ejf::compile
