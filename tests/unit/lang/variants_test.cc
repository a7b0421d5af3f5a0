// SPDX-License-Identifier: Apache-2.0
#include "lang/variants.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/temp_dir.h"

namespace ejf::lang {
namespace {

struct Parsed {
  std::vector<Variant> variants;
  std::vector<std::string> problems;
};

Parsed parse(std::string_view text) {
  Parsed parsed;
  parsed.variants = parse_variants(text, "v.cfg", parsed.problems);
  return parsed;
}

TEST(ParseVariants, ReadsALineEach) {
  Parsed parsed = parse(
      "# comment\n\n  g++-std20 : g++ : GNU C++20 : : -O3  -std=c++20 "
      "-Wl,-z:x\n\tclang-16:clang::/opt/clang-16/bin/clang\n"
      "plain:gcc");
  EXPECT_TRUE(parsed.problems.empty());
  ASSERT_EQ(parsed.variants.size(), 3U);
  EXPECT_EQ(parsed.variants[0].name, "g++-std20");
  EXPECT_EQ(parsed.variants[0].base, "g++");
  EXPECT_EQ(parsed.variants[0].long_name, "GNU C++20");
  EXPECT_EQ(parsed.variants[0].tool, "");
  EXPECT_EQ(parsed.variants[0].options, "-O3  -std=c++20 -Wl,-z:x");
  EXPECT_EQ(parsed.variants[1].name, "clang-16");
  EXPECT_EQ(parsed.variants[1].long_name, "");
  EXPECT_EQ(parsed.variants[1].tool, "/opt/clang-16/bin/clang");
  EXPECT_EQ(parsed.variants[1].options, "");
  EXPECT_EQ(parsed.variants[2].base, "gcc");
}

TEST(ParseVariants, NamesTheLineOfAMistakeAndReadsOn) {
  Parsed parsed = parse("ok:gcc\n../x:gcc\nx-version:gcc\na b:gcc\nnobase\nx:../y\ngood:g++\n");
  ASSERT_EQ(parsed.variants.size(), 2U);
  EXPECT_EQ(parsed.variants[1].name, "good");
  EXPECT_EQ(parsed.problems, (std::vector<std::string>{
                                 "v.cfg:2: '../x' is no name for a language",
                                 "v.cfg:3: 'x-version' is no name for a language",
                                 "v.cfg:4: 'a b' is no name for a language",
                                 "v.cfg:5: '' is no name of a language",
                                 "v.cfg:6: '../y' is no name of a language",
                             }));
  EXPECT_EQ(parse("a23456789012345678901234567890ab:gcc").problems.size(), 1U);
  EXPECT_TRUE(parse("a23456789012345678901234567890a:gcc").problems.empty());
}

TEST(ParseVariants, TakesNothingThatAShellWouldTakeForSomethingElse) {
  for (const char* text : {"'", "\"", "$(touch x)", "`touch x`", "\\", "@prefix@", "a\rb", "a\tb"}) {
    for (const char* where : {"x:gcc:%:", "x:gcc::%", "x:gcc:::%"}) {
      std::string line = where;
      Parsed parsed = parse(line.replace(line.find('%'), 1, text));
      EXPECT_TRUE(parsed.variants.empty()) << line;
      EXPECT_EQ(parsed.problems.size(), 1U) << line;
    }
  }
  EXPECT_EQ(
      parse("x:gcc::gcc -m32").problems,
      std::vector<std::string>{"v.cfg:1: 'gcc -m32': a compiler is one word; its options come behind the next colon"});
}

/// Templates of a language that can have variants and of one that cannot.
class AddVariants : public ::testing::Test {
 protected:
  AddVariants() {
    for (const char* name : {"in", "scripts"}) make_directory_at(temp_.fd(), name, 0755);
    put("in/gcc.in", ". \"${0%/*}/ejf-lang\"\n");
    put("in/gcc-version.in", ". \"${0%/*}/ejf-probe\"\n");
    put("in/old.in", "#!/bin/sh\n");
    put("in/old-version.in", "#!/bin/sh\n");
  }

  std::string path(const std::string& name) { return temp_.path() + "/" + name; }
  void put(const std::string& name, const std::string& text) { write_file_at(temp_.fd(), name, text, 0755); }
  std::string get(const std::string& name) { return try_read_regular_at(temp_.fd(), name, 1 << 20).value_or("(none)"); }
  /// What a run of the configurator does to the scripts; returns what it complains about.
  std::vector<std::string> refresh() {
    auto templates = choose_templates({path("in")});
    auto problems = add_variants(templates, {path("scripts/variants.cfg"), path("variants.cfg"), path("scripts")});
    updated_ = refresh_scripts(path("scripts"), templates, {}).updated;
    return problems;
  }

  std::vector<std::string> updated_;
  TempDir temp_{"/tmp", "ejf-test-"};
};

TEST_F(AddVariants, MakesBothScripts) {
  put("variants.cfg", "gcc-x : gcc : A name : gcc-9 : -std=c99 -O1\n");
  EXPECT_TRUE(refresh().empty());
  std::string rest =
      "#!/bin/sh\n# Made by ejudge-configure-compilers from a line of variants.cfg. Change it there.\n"
      "ejf_variant='gcc-x'\nejf_variant_name='A name'\nejf_variant_tool='gcc-9'\n"
      "ejf_variant_options='-std=c99 -O1'\nejf_variant_flags='default_disabled'\n. \"${0%/*}/gcc";
  EXPECT_EQ(get("scripts/gcc-x"), rest + "\"\n");
  EXPECT_EQ(get("scripts/gcc-x-version"), rest + "-version\"\n");
  EXPECT_EQ(updated_.size(), 6U);
  EXPECT_TRUE(refresh().empty());
  EXPECT_TRUE(updated_.empty());
}

TEST_F(AddVariants, LetsTheSitesLineWinAndBeOnInContests) {
  put("variants.cfg", "gcc-x : gcc : Theirs\ngcc-y : gcc\n");
  put("scripts/variants.cfg", "gcc-x : gcc : Ours\n");
  EXPECT_TRUE(refresh().empty());
  EXPECT_NE(get("scripts/gcc-x").find("ejf_variant_name='Ours'"), std::string::npos);
  EXPECT_NE(get("scripts/gcc-x").find("ejf_variant_flags=''\n"), std::string::npos);
  EXPECT_NE(get("scripts/gcc-y").find("ejf_variant_flags='default_disabled'"), std::string::npos);
}

TEST_F(AddVariants, FollowsTheLineWhateverTheAgeOfTheScript) {
  put("variants.cfg", "gcc-x : gcc : One\n");
  refresh();
  put("variants.cfg", "gcc-x : gcc : Two\n");
  refresh();
  EXPECT_NE(get("scripts/gcc-x").find("'Two'"), std::string::npos);
  EXPECT_NE(get("scripts/gcc-x.old").find("'One'"), std::string::npos);
}

TEST_F(AddVariants, RefusesBasesThatKnowNothingOfVariants) {
  put("variants.cfg", "a : old\nb : absent\nc : gcc-x\ngcc-x : gcc\n");
  std::string file = path("variants.cfg");
  EXPECT_EQ(refresh(), (std::vector<std::string>{
                           file + ": a: there is no language 'old' that can have variants",
                           file + ": b: there is no language 'absent' that can have variants",
                           file + ": c: there is no language 'gcc-x' that can have variants",
                       }));
  EXPECT_EQ(get("scripts/a"), "(none)");
  EXPECT_NE(get("scripts/gcc-x"), "(none)");
}

TEST_F(AddVariants, LeavesALanguageOfThatNameAlone) {
  put("variants.cfg", "old : gcc\n");
  EXPECT_EQ(refresh(),
            std::vector<std::string>{path("variants.cfg") + ": old: there is a language of that name already"});
  EXPECT_EQ(get("scripts/old"), "#!/bin/sh\n");
}

TEST_F(AddVariants, SwitchesOffAVariantThatIsGone) {
  put("variants.cfg", "gcc-x : gcc\n");
  refresh();
  std::string compile_script = get("scripts/gcc-x");
  put("scripts/own-version", "#!/bin/sh\necho mine\n");
  put("variants.cfg", "");
  EXPECT_TRUE(refresh().empty());
  EXPECT_EQ(updated_, std::vector<std::string>{"gcc-x-version"});
  EXPECT_EQ(get("scripts/gcc-x"), compile_script);
  EXPECT_NE(get("scripts/gcc-x-version").find("-v | -r) echo 'version='; exit 1 ;;"), std::string::npos);
  EXPECT_EQ(get("scripts/own-version"), "#!/bin/sh\necho mine\n");
  put("variants.cfg", "gcc-x : gcc\n");
  refresh();
  EXPECT_NE(get("scripts/gcc-x-version").find("gcc-version"), std::string::npos);
}

TEST_F(AddVariants, NeedsNoFile) {
  EXPECT_TRUE(refresh().empty());
  EXPECT_EQ(updated_.size(), 4U);
}

}  // namespace
}  // namespace ejf::lang
