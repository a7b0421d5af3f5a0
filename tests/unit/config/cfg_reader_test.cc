// SPDX-License-Identifier: Apache-2.0
#include "config/cfg_reader.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <map>

#include "base/error.h"
#include "base/files.h"
#include "base/temp_dir.h"

namespace ejf::config {
namespace {

/// Reads `files["/d/main"]`; gives "name=value" and "[section]" in one line, then the errors.
std::string read(const std::map<std::string, std::string>& files, const CfgVariables& variables = {}) {
  const CfgSource source = [&](const std::string& path) {
    const auto found = files.find(path);
    if (found == files.end()) throw SysError("open", path, ENOENT);
    return found->second;
  };
  Diagnostics diagnostics;
  std::string out;
  for (const auto& one : read_cfg(files.at("/d/main"), "/d/main", variables, source, diagnostics)) {
    out += one.kind == CfgStatement::Kind::section ? "[" + one.name + "] " : one.name + "=" + one.value + " ";
  }
  for (const Diagnostic& one : diagnostics.all()) out += "\n" + one.text();
  return out;
}

std::string read(std::string text, const CfgVariables& variables = {}) {
  return read(std::map<std::string, std::string>{{"/d/main", std::move(text)}}, variables);
}

TEST(CfgReader, TakesAnyLineEndAndNoneAtTheEnd) {
  EXPECT_EQ(read("a = 1\r\nb\r\n[language]\r\nc = 'x'"), "a=1 b=1 [language] c=x ");
  EXPECT_EQ(read("a"), "a=1 ");
  EXPECT_EQ(read(""), "");
}

TEST(CfgReader, GoesOnAfterAnErrorAndNamesItsLine) {
  EXPECT_EQ(read("a = 1 2\nb = 2\n\nc = \"\n@frob\nd = 4\n"),
            "b=2 d=4 \n/d/main:1: 'a': text after the value\n/d/main:4: 'c': the quote is not closed\n"
            "/d/main:5: unknown directive '@frob'");
}

TEST(CfgReader, IncludesRelativeToTheIncludingFile) {
  EXPECT_EQ(read({{"/d/main", "a\n@include sub/one.cfg\nz\n"},
                  {"/d/sub/one.cfg", "b\n  @include two.cfg  \n@include /e/three\n"},
                  {"/d/sub/two.cfg", "[language]\nc"},
                  {"/e/three", "d = 'x y'"}}),
            "a=1 b=1 [language] c=1 d=x y z=1 ");
}

TEST(CfgReader, FindsCyclesAndWhatIsMissing) {
  EXPECT_EQ(read({{"/d/main", "@include one\na"}, {"/d/one", "b\n@include main\n"}}),
            "b=1 a=1 \n/d/one:2: '/d/main' includes itself");
  EXPECT_EQ(read("@include main"), "\n/d/main:1: '/d/main' includes itself");
  EXPECT_EQ(read("a\n@include none"), "a=1 \n/d/main:2: cannot include: open /d/none: No such file or directory");
  EXPECT_EQ(read("@include"), "\n/d/main:1: '@include' without a path");
  // "./" hides that it is the same file; the depth is bounded all the same.
  const std::string out = read({{"/d/main", "a\n@include ./main\n"}, {"/d/./main", "@include ../d/main\n"}});
  EXPECT_NE(out.find("cannot include"), std::string::npos) << out;
}

TEST(CfgReader, StopsATreeOfIncludes) {
  std::map<std::string, std::string> files;
  for (int i = 0; i < 20; ++i) {
    const std::string next = "@include f" + std::to_string(i + 1) + "\n";
    files[i == 0 ? "/d/main" : "/d/f" + std::to_string(i)] = next + next;
  }
  files["/d/f20"] = "";
  EXPECT_NE(read(files).find("too many files"), std::string::npos);
  std::map<std::string, std::string> chain;
  for (int i = 0; i < 40; ++i) {
    chain[i == 0 ? "/d/main" : "/d/f" + std::to_string(i)] = "@include f" + std::to_string(i + 1) + "\n";
  }
  EXPECT_NE(read(chain).find("nested too deep"), std::string::npos);
}

TEST(CfgReader, ReadsIncludedFilesFromDisk) {
  TempDir dir("/tmp", "ejf-config-");
  write_file_at(dir.fd(), "part.cfg", "b = 2\n", 0600);
  Diagnostics diagnostics;
  const auto statements =
      read_cfg("a\n@include part.cfg\n", dir.path() + "/main.cfg", CfgVariables{}, cfg_files(), diagnostics);
  ASSERT_EQ(statements.size(), 2U);
  EXPECT_EQ(statements[1].file, dir.path() + "/part.cfg");
  EXPECT_EQ(statements[1].line, 1);
}

TEST(CfgIf, TakesOneBranch) {
  const std::string text = "@if mode == 0\na\n@elif mode == 1\nb\n@elif 1\nc\n@else\nd\n@endif\ne\n";
  for (const auto& [mode, expected] : std::map<int, std::string>{{0, "a=1 e=1 "}, {1, "b=1 e=1 "}, {2, "c=1 e=1 "}}) {
    CfgVariables variables;
    variables.mode = mode;
    EXPECT_EQ(read(text, variables), expected);
  }
  EXPECT_EQ(read("@if 0\na\n@else\nb\n@endif"), "b=1 ");
}

TEST(CfgIf, NestsAndOpensNoSectionInAFalseBranch) {
  EXPECT_EQ(
      read("@if 0\n[language]\n@if 1\nx\n@else\ny\n@endif\n[tester]\n@elif 1\na\n@if 0\n@else\nb\n@endif\n@endif\nc"),
      "a=1 b=1 c=1 ");
}

TEST(CfgIf, SkipsWhatIsWrongInAFalseBranch) {
  EXPECT_EQ(read("@if 0\na b c\n@frob\n@include none\n@if nonsense (\n@elif (\n@endif\n@endif\nx"), "x=1 ");
  EXPECT_EQ(read("@if 1\na\n@elif \"x\" ==\n@endif"), "a=1 ");
}

TEST(CfgIf, ReportsStrayDirectives) {
  EXPECT_EQ(read("@if 1\na\n@if 0\n@endif\n"), "a=1 \n/d/main:1: this '@if' has no '@endif'");
  EXPECT_EQ(read("@endif"), "\n/d/main:1: '@endif' without '@if'");
  EXPECT_EQ(read("\n@else"), "\n/d/main:2: '@else' without '@if'");
  EXPECT_EQ(read("@elif 1"), "\n/d/main:1: '@elif' without '@if'");
  EXPECT_EQ(read("@if 1\n@else\n@else\n@elif 1\n@endif"),
            "\n/d/main:3: '@else' after '@else'\n/d/main:4: '@elif' after '@else'");
  EXPECT_EQ(read("@if 1\n@endif x\n@endif"), "\n/d/main:2: text after '@endif'");
}

TEST(CfgIf, DoesNotReachOverTheEndOfAnIncludedFile) {
  EXPECT_EQ(read({{"/d/main", "@if 1\n@include one\n@endif\na"}, {"/d/one", "@endif\n@if 1\n"}}),
            "a=1 \n/d/one:1: '@endif' without '@if'\n/d/one:2: this '@if' has no '@endif'");
}

std::string value_of(std::string_view condition) {
  CfgVariables variables;
  variables.host = "judge1";
  variables.major = 3;
  variables.minor = 14;
  variables.patch = 2;
  variables.build = 5;
  variables.managed = 1;
  auto value = evaluate_cfg_condition(condition, variables);
  if (!value) return value.error().message;
  return *value ? "true" : "false";
}

TEST(CfgCondition, FollowsPrecedence) {
  for (const char* text :
       {"1", "7", "mode == 1", "host == \"judge1\"", "host != \"judge2\"", "host < \"judge2\"",
        "major == 3 && minor >= 14", "0 || 1 && 1", "1 || 0 && 0", "(1 || 1) && 1", "1 < 2 == 1", "2 > 1", "2 >= 2",
        "1 <= 1", "((patch)) != 3", "build==5&&managed", "\"a\" <= \"a\"", "  mode==1  "}) {
    EXPECT_EQ(value_of(text), "true") << text;
  }
  for (const char* text :
       {"0", "mode == 2", "1 && 0", "0 || 0", "(1 || 0) && 0", "3 < 3", "3 > 3", "\"\" != \"\"", "2 <= 1"}) {
    EXPECT_EQ(value_of(text), "false") << text;
  }
}

TEST(CfgCondition, ReportsTypesAndSyntax) {
  EXPECT_EQ(value_of("host == 1"), "'==' compares a string with a number");
  EXPECT_EQ(value_of("1 < \"1\""), "'<' compares a string with a number");
  EXPECT_EQ(value_of("host"), "a string is no condition");
  EXPECT_EQ(value_of("0 && host"), "'&&' takes no string");
  EXPECT_EQ(value_of("1 || \"x\""), "'||' takes no string");
  EXPECT_EQ(value_of("frob"), "unknown variable 'frob'");
  EXPECT_EQ(value_of(""), "a value is expected at the end of the condition");
  EXPECT_EQ(value_of("1 =="), "a value is expected at the end of the condition");
  EXPECT_EQ(value_of("== 1"), "a value is expected before '== 1'");
  EXPECT_EQ(value_of("(1"), "')' is expected");
  EXPECT_EQ(value_of("1)"), "')' is not expected here");
  EXPECT_EQ(value_of("1 2"), "'2' is not expected here");
  EXPECT_EQ(value_of("\"x"), "the quote is not closed");
  EXPECT_EQ(value_of("1x"), "'1x' is not a number");
  EXPECT_EQ(value_of("99999999999999999999"), "'99999999999999999999' is not a number");
  EXPECT_EQ(value_of(std::string(100, '(')), "parentheses are nested too deep");
  EXPECT_EQ(read("@if host == 1\na\n@else\nb\n@endif"), "b=1 \n/d/main:1: '==' compares a string with a number");
}

TEST(CfgCodingLine, ConvertsValuesOfItsFile) {
  // "Си" in KOI8-R and in CP1251
  EXPECT_EQ(read("# -*- coding: koi8-r -*-\na = \xf3\xc9\nb = \"\\xf3\"\n"), "a=Си b=С ");
  EXPECT_EQ(read("% -*- coding: CP1251 -*-\na = '\xd1\xe8'\n"), "a=Си ");
  EXPECT_EQ(read("# -*- coding: utf-8 -*-\na = Си\n"), "a=Си ");
  EXPECT_EQ(read("\n# -*- coding: koi8-r -*-\na = Си\n"), "a=Си ");
  EXPECT_EQ(read({{"/d/main", "# -*- coding: koi8-r -*-\n@include one\na = \xf3\n"}, {"/d/one", "b = Си"}}),
            "b=Си a=С ");
}

TEST(CfgCodingLine, ReportsWhatCannotBeConverted) {
  EXPECT_EQ(read("# -*- coding: klingon -*-\na = 1\n"), "a=1 \n/d/main:1: unknown character set 'klingon'");
  EXPECT_EQ(read("# -*- coding: koi8-r//IGNORE -*-\n"), "\n/d/main:1: unknown character set 'koi8-r//IGNORE'");
  EXPECT_EQ(read("# -*- coding: cp1251 -*-\n\na = '\x98'\n"),
            "\n/d/main:3: 'a': text that cannot be converted from cp1251 to UTF-8");
  EXPECT_EQ(read("# -*- coding: utf-7 -*-\na = +AAA-\n"), "\n/d/main:2: 'a': a zero byte");
}

}  // namespace
}  // namespace ejf::config
