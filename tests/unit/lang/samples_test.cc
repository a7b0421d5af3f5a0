// SPDX-License-Identifier: Apache-2.0
#include "lang/samples.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/temp_dir.h"

namespace ejf::lang {
namespace {

using Lines = std::vector<std::string>;

class Samples : public ::testing::Test {
 protected:
  Samples() {
    for (const char* name : {"site", "site/gcc", "own", "own/gcc", "own/g++"})
      make_directory_at(temp_.fd(), name, 0755);
    put("own/gcc/correct.c");
    put("own/g++/correct.cpp");
    put("own/aliases.cfg", "gcc-32=gcc\nclang=gcc\nup=../own/gcc\n");
    put("own/samples.cfg", "gcc : refused : : -DANSWER=42\n");
    put("own/runners.cfg", "java=runjava\nlinux-shared=\n");
    put("variants.cfg", "g++-new : g++\nclang-16 : clang\nclang-99 : nobody\n");
  }
  void put(const std::string& name, const std::string& text = "") { write_file_at(temp_.fd(), name, text, 0644); }
  std::string path(const std::string& name) const { return temp_.path() + "/" + name; }
  SampleLibrary library() const {
    return {{path("none"), path("site"), path("own")}, {path("no-variants.cfg"), path("variants.cfg")}};
  }
  std::string find(const std::string& language, const std::string& suffix) const {
    return library().find(language, "correct", suffix);
  }

  TempDir temp_{"/tmp", "ejf-test-"};
};

TEST_F(Samples, GoByLanguageKindAndSuffix) {
  EXPECT_EQ(find("gcc", ".c"), path("own/gcc/correct.c"));
  EXPECT_EQ(find("g++", ".cpp"), path("own/g++/correct.cpp"));
  EXPECT_EQ(find("g++", ".cc"), "");
  EXPECT_EQ(find("fpc", ".pas"), "");
  EXPECT_EQ(library().find("gcc", "wrong", ".c"), "");
}

TEST_F(Samples, AreThoseOfAnotherLanguage) {
  EXPECT_EQ(find("gcc-32", ".c"), path("own/gcc/correct.c"));
  EXPECT_EQ(find("up", ".c"), "");
  EXPECT_EQ(library().notes("clang").flags, "-DANSWER=42");
}

TEST_F(Samples, OfAVariantAreThoseOfItsBase) {
  EXPECT_EQ(find("g++-new", ".cpp"), path("own/g++/correct.cpp"));
  EXPECT_EQ(find("clang-16", ".c"), path("own/gcc/correct.c"));
  EXPECT_EQ(find("clang-99", ".c"), "");
  EXPECT_EQ(library().notes("clang-16").wrong, WrongProgram::refused);
}

TEST_F(Samples, OfTheSiteComeFirst) {
  put("site/gcc/correct.c");
  put("site/samples.cfg", "gcc : fails-when-run\n");
  EXPECT_EQ(find("gcc", ".c"), path("site/gcc/correct.c"));
  EXPECT_EQ(library().notes("gcc").wrong, WrongProgram::fails_when_run);
  // The site says nothing of clang.
  EXPECT_EQ(find("clang", ".c"), path("own/gcc/correct.c"));
  EXPECT_EQ(library().notes("clang").wrong, WrongProgram::refused);
}

TEST_F(Samples, OfWhichNothingIsKnownAddTwoNumbers) {
  const SampleNotes notes = library().notes("mine");
  EXPECT_EQ(notes.wrong, WrongProgram::unknown);
  EXPECT_EQ(notes.flags, "");
  EXPECT_TRUE(notes.can_run);
  EXPECT_EQ(notes.first.answer, "5");
  EXPECT_TRUE(notes.second.has_value());
}

TEST_F(Samples, AreStartedByArchitecture) {
  EXPECT_EQ(library().runner(""), "");
  EXPECT_EQ(library().runner("linux-shared"), "");
  EXPECT_EQ(library().runner("java"), "runjava");
  EXPECT_EQ(library().runner("dos"), std::nullopt);
}

TEST_F(Samples, TellWhatIsWrongWithTheirFiles) {
  put("own/aliases.cfg", "what is this\n");
  put("site/samples.cfg", "gcc\n");
  const Lines problems = library().problems();
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_TRUE(problems[0].starts_with(path("site/samples.cfg:1: "))) << problems[0];
  EXPECT_TRUE(problems[1].starts_with(path("own/aliases.cfg:1: "))) << problems[1];
}

TEST(SampleNotes, HaveALineEach) {
  Lines problems;
  const auto all = parse_sample_notes(
      "# comment\n\ngcc : refused : : -a:b -c \nbeef : fails-when-run : one-digit\ntext: fails-when-run :none:\n"
      "bash:refused-on-request\nsql : refused : cannot-run\n",
      "f", problems);
  EXPECT_EQ(problems, Lines{});
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all.at("gcc").wrong, WrongProgram::refused);
  EXPECT_EQ(all.at("gcc").flags, "-a:b -c");
  EXPECT_EQ(all.at("gcc").second->answer, "42");
  EXPECT_EQ(all.at("beef").second->answer, "9");
  EXPECT_EQ(all.at("text").second, std::nullopt);
  EXPECT_EQ(all.at("bash").wrong, WrongProgram::refused_on_request);
  EXPECT_FALSE(all.at("sql").can_run);
}

TEST(SampleNotes, LeaveBadLinesOut) {
  Lines problems;
  const auto all =
      parse_sample_notes("a\nb : maybe\nc : refused : some\n../d : refused\nf:refused\n", "file", problems);
  EXPECT_EQ(all.size(), 1U);
  EXPECT_EQ(problems,
            (Lines{"file:1: '' is not refused, refused-on-request or fails-when-run",
                   "file:2: 'maybe' is not refused, refused-on-request or fails-when-run",
                   "file:3: 'some' is not one-digit, none or cannot-run", "file:4: '../d' is no name of a language"}));
}

}  // namespace
}  // namespace ejf::lang
