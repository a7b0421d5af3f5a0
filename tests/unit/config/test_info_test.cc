// SPDX-License-Identifier: Apache-2.0
#include "config/test_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/files.h"

namespace ejf::config {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string no_variables(std::string_view) {
  return "not asked for";
}

/// What the tests of substitution know: `name` gives "x y", `quote` gives an escaped quote, `nul` a zero byte.
std::string some_variables(std::string_view name) {
  if (name == "name") return "x y";
  if (name == "quote") return R"(a\"b)";
  if (name == "nul") return "\0"s;
  if (name == "key") return "comment";
  if (name == "long") return std::string(4096, 'l');
  return {};
}

TestInfo parsed(std::string_view text, const Substitute& substitute = no_variables) {
  auto info = parse_test_info(text, substitute);
  EXPECT_TRUE(info) << text << ": " << info.error().line << ": " << info.error().message;
  return info ? *info : TestInfo{};
}

/// "LINE: message", or "" for a good file.
std::string complaint(std::string_view text, const Substitute& substitute = no_variables) {
  auto info = parse_test_info(text, substitute);
  return info ? "" : std::to_string(info.error().line) + ": " + info.error().message;
}

std::vector<std::string> words(std::string_view value) {
  return parsed("compiler_env = " + std::string{value}).compiler_env;
}

std::string recorded(const std::string& name) {
  return read_file(EJF_TEST_DATA "/test_info/" + name, 65536);
}

TEST(TestInfo, UnderstandsTheRecordedFiles) {
  EXPECT_THAT(parsed(recorded("hdr_001")).compiler_env, ElementsAre("EJUDGE_FLAGS=-O0 -DT1"));
  EXPECT_THAT(parsed(recorded("hdr_002")).compiler_env, ElementsAre("EJUDGE_FLAGS=-O0 -DT2"));
  EXPECT_THAT(parsed(recorded("hdr_fail_001")).compiler_env, ElementsAre("EJUDGE_FLAGS=-O0 -DT1"));
  const TestInfo fails = parsed(recorded("hdr_fail_002"));
  EXPECT_TRUE(fails.compiler_must_fail);
  EXPECT_EQ(fails.source_stub, "stub");
  EXPECT_EQ(fails.comment, "forbidden construct");
  EXPECT_THAT(parsed(recorded("hdr_mustfail_violated_001")).compiler_env, ElementsAre("EJUDGE_FLAGS=-O0 -DT1"));
  const TestInfo violated = parsed(recorded("hdr_mustfail_violated_002"));
  EXPECT_TRUE(violated.compiler_must_fail);
  EXPECT_EQ(violated.source_stub, "");
  EXPECT_EQ(violated.comment, "forbidden construct");
}

TEST(TestInfo, HasDefaultsWhenNothingIsSaid) {
  for (const char* text : {"", "\n", " \t \r\n\n\v\f\n"}) {
    const TestInfo info = parsed(text);
    EXPECT_THAT(info.compiler_env, IsEmpty());
    EXPECT_THAT(info.style_checker_env, IsEmpty());
    EXPECT_FALSE(info.compiler_must_fail);
    EXPECT_FALSE(info.allow_compile_error);
    EXPECT_EQ(info.source_stub, "");
    EXPECT_EQ(info.comment, "");
  }
}

TEST(TestInfo, KeepsWhatConcernsCompilation) {
  const TestInfo good = parsed(
      "  compiler_env = A=1 'B=2 3' \r\n"
      "\tstyle_checker_env=C=4\n"
      "compiler_must_fail\n"
      "allow_compile_error = 1   # why\n"
      "source_stub =stub_2 \n"
      "comment = \"two words\"");
  EXPECT_THAT(good.compiler_env, ElementsAre("A=1", "B=2 3"));
  EXPECT_THAT(good.style_checker_env, ElementsAre("C=4"));
  EXPECT_TRUE(good.compiler_must_fail);
  EXPECT_TRUE(good.allow_compile_error);
  EXPECT_EQ(good.source_stub, "stub_2");
  EXPECT_EQ(good.comment, "two words");
}

TEST(TestInfo, SplitsValuesLikeAShell) {
  EXPECT_THAT(words(""), IsEmpty());
  EXPECT_THAT(words("a b\tc\vd\fe"), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(words(R"(a"b c"d 'e f'g)"), ElementsAre("ab cd", "e fg"));
  EXPECT_THAT(words(R"("" '' x"")"), ElementsAre("", "", "x"));
  EXPECT_THAT(words(R"("it's" '"')"), ElementsAre("it's", "\""));
  EXPECT_THAT(words("a#b c"), ElementsAre("a"));
  EXPECT_THAT(words("# only a comment"), IsEmpty());
  EXPECT_THAT(words(R"("a#b" '#' \# # c)"), ElementsAre("a#b", "#", "#"));
  EXPECT_THAT(words("\"a\x01\tb\""), ElementsAre("a\x01\tb"));
  EXPECT_THAT(words("a=b=c \x7f\xff"), ElementsAre("a=b=c", "\x7f\xff"));
}

TEST(TestInfo, UnderstandsEscapesOutsideSingleQuotes) {
  EXPECT_THAT(words(R"(\a\b\f\n\r\t\v)"), ElementsAre("\a\b\f\n\r\t\v"));
  EXPECT_THAT(words(R"("\a\b\f\n\r\t\v")"), ElementsAre("\a\b\f\n\r\t\v"));
  EXPECT_THAT(words(R"('\n\x41\101\')"), ElementsAre(R"(\n\x41\101\)"));
  EXPECT_THAT(words(R"(\x41\x4\x4a5\xg\x)"), ElementsAre("A\x04J5xgx"));
  EXPECT_THAT(words(R"(\101\1011\377\400\78\7)"), ElementsAre("AA1\xff 0\a8\a"));
  EXPECT_THAT(words(R"(a\ b \"\' \\ \q \$)"), ElementsAre("a b", "\"'", "\\", "q", "$"));
  EXPECT_THAT(words("a\\"), ElementsAre("a\\"));
  EXPECT_THAT(words("a\\ "), ElementsAre("a\\")) << "white space at the end goes first";
  EXPECT_THAT(words("\\\x01"), ElementsAre("\x01"));
}

TEST(TestInfo, GivesABareKeyTheValueOne) {
  EXPECT_THAT(parsed("compiler_env").compiler_env, ElementsAre("1"));
  EXPECT_EQ(parsed("comment # no value").comment, "1");
  EXPECT_TRUE(parsed("must_fail\ncompiler_must_fail").compiler_must_fail);
  EXPECT_THAT(parsed("compiler_env\t\n").compiler_env, ElementsAre("1"));
}

TEST(TestInfo, LetsAFlagBeGivenAgain) {
  EXPECT_FALSE(parsed("compiler_must_fail\ncompiler_must_fail = 0").compiler_must_fail);
  EXPECT_TRUE(parsed("allow_compile_error = 0\nallow_compile_error = \"1\"").allow_compile_error);
  EXPECT_EQ(complaint("exit_code = 1\nexit_code = 2"), "");
}

TEST(TestInfo, LetsAnEmptyListBeGivenAgain) {
  EXPECT_THAT(parsed("compiler_env =\ncompiler_env = # none\ncompiler_env = a").compiler_env, ElementsAre("a"));
  EXPECT_EQ(complaint("params =\nparams = a"), "");
}

struct Case {
  std::string text;
  std::string complaint;  ///< empty: the file is good
};

TEST(TestInfo, ChecksTheKeysThatAreNotKept) {
  std::vector<Case> cases;
  for (const char* key : {"params", "environ", "checker_env", "interactor_env", "init_env", "ok_language"}) {
    const std::string name = key;
    cases.push_back({name + " = a 'b c' d", ""});
    cases.push_back({name + " = a\n" + name + " = b", "2: '" + name + "': is given twice, now as 'b'"});
  }
  for (const char* key : {"team_comment", "working_dir", "program_name", "check_cmd"}) {
    const std::string name = key;
    cases.push_back({name + " = /a/b", ""});
    cases.push_back({name + " =", "1: '" + name + "': a value is missing"});
    cases.push_back({name + " = a b", "1: '" + name + "': one word is expected, 2 came: 'a' 'b'"});
    cases.push_back({name + " = ''\n" + name + " = b", "2: '" + name + "': is given twice, now as 'b'"});
  }
  for (const char* key : {"check_stderr", "disable_stderr", "disable_valgrind", "ignore_exit_code",
                          "ignore_term_signal", "must_fail", "enable_subst"}) {
    const std::string name = key;
    cases.push_back({name + " = 0\n" + name + " = 1", ""});
    cases.push_back({name + " = 2", "1: '" + name + "': '2' must be a number from 0 to 1"});
    cases.push_back({name + " = yes", "1: '" + name + "': 'yes' must be a number from 0 to 1"});
  }
  for (const char* key : {"max_vm_size", "max_stack_size", "max_file_size", "max_rss_size"}) {
    const std::string name = key;
    for (const char* good : {"0", "1000", "64M", "64m", "16K", "1G"}) cases.push_back({name + " = " + good, ""});
    for (const char* bad : {"-1", "x", "1T", "1KK", "99999999999999999999", "9999999999G"}) {
      cases.push_back({name + " = " + bad, "1: '" + name + "': '" + bad + "' must be a size in bytes, K, M or G"});
    }
  }
  for (const char* key : {"time_limit_ms", "real_time_limit_ms"}) {
    const std::string name = key;
    for (const char* good : {"1", "5000", "2147483647"}) cases.push_back({name + " = " + good, ""});
    for (const char* bad : {"0", "-5", "1s", "2147483648"}) {
      cases.push_back({name + " = " + bad, "1: '" + name + "': '" + bad + "' must be a number above 0"});
    }
  }
  for (const char* key : {"max_open_file_count", "max_process_count"}) {
    const std::string name = key;
    cases.push_back({name + " = 0", ""});
    cases.push_back({name + " = 1024", ""});
    cases.push_back({name + " = 1025", "1: '" + name + "': '1025' must be a number from 0 to 1024"});
  }
  cases.push_back({"exit_code = 0", ""});
  cases.push_back({"exit_code = 255", ""});
  cases.push_back({"exit_code = 256", "1: 'exit_code': '256' must be a number from 0 to 255"});
  cases.push_back({"exit_code = -1", "1: 'exit_code': '-1' must be a number from 0 to 255"});
  for (const Case& one : cases) EXPECT_EQ(complaint(one.text), one.complaint) << one.text;
}

TEST(TestInfo, RefusesWholeFilesThatAreWrong) {
  const std::vector<Case> cases{
      {"# comment", "1: a key is expected instead of '# comment'"},
      {"\n\n  # comment", "3: a key is expected instead of '# comment'"},
      {"= 1", "1: a key is expected instead of '= 1'"},
      {"\"comment\" = 1", "1: a key is expected instead of '\\\"comment\\\" = 1'"},
      {"compiler-env = 1", "1: unknown key 'compiler'"},
      {"Comment = 1", "1: unknown key 'Comment' (did you mean 'comment'?)"},
      {"compile_env = a", "1: unknown key 'compile_env' (did you mean 'compiler_env'?)"},
      {"zzzzzzzzzz", "1: unknown key 'zzzzzzzzzz'"},
      {"params = a\nzzzzzzzzzz = 1", "2: unknown key 'zzzzzzzzzz'"},
      {std::string(100, 'z'), "1: unknown key '" + std::string(60, 'z') + "...'"},
      {"comment text", "1: 'comment': '=' is expected before 'text'"},
      {"comment \"text\"", "1: 'comment': '=' is expected before '\\\"text\\\"'"},
      {"comment =", "1: 'comment': a value is missing"},
      {"comment = # text", "1: 'comment': a value is missing"},
      {"comment = two words", "1: 'comment': one word is expected, 2 came: 'two' 'words'"},
      {"comment = a\n\ncomment = b", "3: 'comment': is given twice, now as 'b'"},
      {"comment = \"a", "1: 'comment': the quote is not closed in '\\\"a'"},
      {"comment = 'a\nb'", "1: 'comment': the quote is not closed in '\\'a'"},
      {"comment = \"a\\\"", "1: 'comment': the quote is not closed in '\\\"a\\\\\\\"'"},
      {"comment = a\x01", "1: 'comment': a control character in 'a\\x01'"},
      {"comment = \x1b[31m", "1: 'comment': a control character in '\\x1b[31m'"},
      {"source_stub = a\nsource_stub = a", "2: 'source_stub': is given twice, now as 'a'"},
      {"compiler_env = a\ncompiler_env = b c", "2: 'compiler_env': is given twice, now as 'b c'"},
      {"style_checker_env = ''\nstyle_checker_env = b", "2: 'style_checker_env': is given twice, now as 'b'"},
      {"compiler_must_fail = true", "1: 'compiler_must_fail': 'true' must be a number from 0 to 1"},
      {"compiler_must_fail =", "1: 'compiler_must_fail': a value is missing"},
      {"compiler_must_fail = 1 1", "1: 'compiler_must_fail': one word is expected, 2 came: '1' '1'"},
      {"allow_compile_error = -1", "1: 'allow_compile_error': '-1' must be a number from 0 to 1"},
      {"compiler_env = a\0b"s, "1: a zero byte"},
      {"\n\0"s, "2: a zero byte"},
      {"compiler_env = A=\\0", "1: 'compiler_env': a zero byte in 'A=\\x00'"},
      {"comment = '' \\x0", "1: 'comment': a zero byte in '\\x00'"},
  };
  for (const Case& one : cases) EXPECT_EQ(complaint(one.text), one.complaint) << one.text;
}

TEST(TestInfo, RefusesAStubThatIsNotAPlainName) {
  for (const std::string& bad : {"''"s, "/etc/passwd"s, "../x"s, "a/b"s, "."s, ".."s, ".hidden"s, "\"a\tb\""s, "a\\nb"s,
                                 "'\x7f'"s, std::string(256, 'a')}) {
    EXPECT_THAT(complaint("source_stub = " + bad), HasSubstr("is not the name of a file")) << bad;
  }
  EXPECT_EQ(parsed("source_stub = stub_1.x-y").source_stub, "stub_1.x-y");
  EXPECT_EQ(complaint("source_stub = ../../x"), "1: 'source_stub': '../../x' is not the name of a file");
}

std::vector<std::string> substituted(std::string_view value) {
  return parsed("enable_subst\ncompiler_env = " + std::string{value}, some_variables).compiler_env;
}

TEST(TestInfo, SubstitutesInTheLinesBehindEnableSubst) {
  EXPECT_THAT(substituted("A=${name} '${name}'"), ElementsAre("A=x", "y", "x y"));
  EXPECT_THAT(substituted("\"${quote}\""), ElementsAre("a\"b"));
  EXPECT_THAT(substituted("a${unknown}b ${} c"), ElementsAre("ab", "c"));
  EXPECT_THAT(substituted("$${name} $$ $ $x a$"), ElementsAre("${name}", "$", "$", "$x", "a$"));
  EXPECT_THAT(substituted("a ${name b c"), ElementsAre("a"));
  EXPECT_THAT(substituted("a ${name b c\nparams = d"), ElementsAre("a"));
  EXPECT_EQ(parsed("enable_subst\n${key} = a", some_variables).comment, "a");
  EXPECT_EQ(complaint("enable_subst\n${unknown}\n${", some_variables), "") << "nothing is left of these lines";
}

TEST(TestInfo, LeavesDollarsAloneOtherwise) {
  EXPECT_THAT(parsed("compiler_env = ${name} $$").compiler_env, ElementsAre("${name}", "$$"));
  EXPECT_THAT(parsed("compiler_env = ${name}\nenable_subst").compiler_env, ElementsAre("${name}"));
  EXPECT_THAT(parsed("enable_subst\nenable_subst = 0\ncompiler_env = ${name}").compiler_env, ElementsAre("${name}"));
}

TEST(TestInfo, BoundsWhatASubstitutionGives) {
  std::string line = "compiler_env = ";
  for (int i = 0; i < 15; ++i) line += "${long}";
  EXPECT_EQ(parsed("enable_subst\n" + line, some_variables).compiler_env.at(0).size(), 15U * 4096);
  EXPECT_THAT(complaint("enable_subst\n" + line + "${long}", some_variables),
              HasSubstr("2: over 65536 bytes after substitution: 'compiler_env = "));
  EXPECT_THAT(complaint("enable_subst\ncomment = ${nul}", some_variables),
              HasSubstr("2: a zero byte after substitution: 'comment = ${nul}'"));
}

}  // namespace
}  // namespace ejf::config
