// SPDX-License-Identifier: Apache-2.0
#include "lang/own_language.h"

#include <gtest/gtest.h>

#include <vector>

namespace ejf::lang {

namespace {

OwnLanguage named(const std::string& name) {
  OwnLanguage language;
  language.name = name;
  return language;
}

OwnTemplates made(const OwnLanguage& language) {
  auto templates = make_own_templates(language);
  EXPECT_TRUE(templates) << templates.error();
  return templates.value_or(OwnTemplates{});
}

bool has(const std::string& text, const std::string& piece) {
  return text.find(piece) != std::string::npos;
}

std::string mistake_of(OwnLanguage language) {
  auto templates = make_own_templates(std::move(language));
  return templates ? "" : templates.error();
}

std::vector<OwnLanguage> every_kind() {
  std::vector<OwnLanguage> languages(4, named("foo"));
  languages[1].is_interpreted = languages[3].is_interpreted = true;
  languages[2].hello = languages[3].hello = "say OK";
  return languages;
}

/// The shell's own use of the sign.
std::string without_arguments(std::string text) {
  for (std::size_t at = text.find("$@"); at != std::string::npos; at = text.find("$@")) text.erase(at, 2);
  return text;
}

/// Those of the values that `member` may have.
std::vector<std::string> accepted(std::string OwnLanguage::*member, std::vector<std::string> values) {
  std::erase_if(values, [&](const std::string& value) {
    OwnLanguage language = named("foo");
    language.*member = value;
    return !mistake_of(language).empty();
  });
  return values;
}

}  // namespace

TEST(LanguageName, IsWhatEjudgeTakes) {
  for (const char* good : {"foo", "F", "g++", "c--", "a_b", "0x", "x-version-2", "_"}) {
    EXPECT_TRUE(is_language_name(good)) << good;
  }
  EXPECT_TRUE(is_language_name(std::string(31, 'x')));
  for (const char* bad : {"", ".", "a.b", "a/b", "a b", "-a", "+a", "a\n", "\xc3\xa4", "a-version", "@a@"}) {
    EXPECT_FALSE(is_language_name(bad)) << bad;
  }
  EXPECT_FALSE(is_language_name(std::string(32, 'x')));
}

TEST(OwnTemplates, AreForACompilerOfThatName) {
  OwnTemplates templates = made(named("foo"));
  EXPECT_TRUE(has(templates.version_script, "\nejf_compiler FOORUN FOODIR foo\n"));
  EXPECT_TRUE(has(templates.version_script, "long_name='foo' src_sfx=.foo "));
  EXPECT_TRUE(has(templates.version_script, "\tguess_version \"$tool\" --version\n"));
  EXPECT_TRUE(templates.version_script.ends_with("\nejf_probe foo \"$@\"\n"));
  EXPECT_TRUE(has(templates.compile_script, "\nejf_begin foo FOORUN FOODIR foo \"$@\"\n"));
  EXPECT_TRUE(templates.compile_script.ends_with(
      "\nexec \"$tool\" ${EJUDGE_FLAGS-} \"$src\" ${EJUDGE_FLAGS_2-} -o \"$dst\" ${EJUDGE_LIBS-}\n"));
}

TEST(OwnTemplates, LeaveNoTokenBehind) {
  for (const OwnLanguage& language : every_kind()) {
    OwnTemplates templates = made(language);
    for (const std::string& text : {templates.version_script, templates.compile_script}) {
      EXPECT_TRUE(text.starts_with("#!/bin/sh\n"));
      EXPECT_EQ(without_arguments(text).find('@'), std::string::npos) << text;
    }
  }
}

TEST(OwnTemplates, TakeWhatIsSaidOfTheLanguage) {
  OwnLanguage language = named("2g++-x");
  language.long_name = "Two's";
  language.suffix = "gg";
  language.compiler = "/opt/g/bin/g";
  language.flags = "-O2 -Wall";
  language.version_option = "";
  OwnTemplates templates = made(language);
  EXPECT_TRUE(has(templates.version_script, "ejf_compiler L2GPP_XRUN L2GPP_XDIR /opt/g/bin/g\n"));
  EXPECT_TRUE(has(templates.version_script, "about='Two'\\''s' \\\n\tlong_name='Two'\\''s' src_sfx=.gg "));
  EXPECT_TRUE(has(templates.version_script, "\tguess_version \"$tool\"\n"));
  EXPECT_TRUE(has(templates.compile_script, " ${EJUDGE_FLAGS:--O2 -Wall} "));
}

TEST(OwnTemplates, MakeAScriptTheExecutableOfAnInterpreter) {
  OwnLanguage language = named("foo");
  language.is_interpreted = true;
  OwnTemplates templates = made(language);
  EXPECT_TRUE(has(templates.version_script, "\nejf_interpreter FOOPATH foo\n"));
  EXPECT_TRUE(has(templates.compile_script, "\nejf_begin foo FOOPATH '' /usr/bin/foo \"$@\"\n"));
  EXPECT_TRUE(templates.compile_script.ends_with("\nejf_prepend \"#! $tool ${EJUDGE_FLAGS-}\" ''\n"));
}

TEST(OwnTemplates, HoldTheProgramThatPrintsOkAsItIs) {
  OwnLanguage language = named("foo");
  language.flags = "-O2";
  language.hello = "\t@name@ $HOME \\\nEND\nEND_";
  EXPECT_TRUE(has(made(language).version_script,
                  "\tcat >conftest.foo <<'END__' || return 1\n\t@name@ $HOME \\\nEND\nEND_\nEND__\n"));
  EXPECT_TRUE(has(made(language).version_script, "\ttry \"$tool\" -O2 conftest.foo "));
}

TEST(OwnTemplates, AreNotMadeOfWhatTheShellWouldTakeApart) {
  using L = OwnLanguage;
  using Texts = std::vector<std::string>;
  EXPECT_TRUE(has(mistake_of(named("a b")), "'a b' cannot be the name"));
  EXPECT_EQ(accepted(&L::long_name, {"a\nb", "@x@", "'\"", "'`", "'$", "'\\", "\x7f", "x's"}), Texts{"x's"});
  EXPECT_EQ(accepted(&L::suffix, {".", "..x", "/x", ".a b", ".a'", "." + std::string(31, 'a'), ".a.b"}), Texts{".a.b"});
  EXPECT_EQ(accepted(&L::compiler, {"a b", "./a", "a/b", "-a", "a'", "$x", "a;b", "/a/b-1.0"}), Texts{"/a/b-1.0"});
  const Texts options{"'", "}", "$(x)", "`x`", "-a\n-b", "-a;b", "-a=b -c"};
  EXPECT_EQ(accepted(&L::flags, options), Texts{"-a=b -c"});
  EXPECT_EQ(accepted(&L::version_option, options), Texts{"-a=b -c"});
  EXPECT_EQ(accepted(&L::hello, {std::string("a\0b", 3), "a"}), Texts{"a"});
}

}  // namespace ejf::lang
