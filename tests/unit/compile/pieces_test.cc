// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "base/files.h"
#include "compile/environment.h"
#include "compile/job_names.h"
#include "compile/prepended.h"
#include "compile/request_log.h"

namespace ejf::compile {
namespace {

TEST(JobNames, AreEqualForEqualJobsAndOfEjudgesForm) {
  const JobNames a = make_job_names("int main(){}", "g++", ".cpp", ".exe");
  const JobNames b = make_job_names("int main(){}", "g++", ".cpp", ".exe");
  EXPECT_EQ(a.source, b.source);
  EXPECT_EQ(a.executable, b.executable);
  ASSERT_EQ(a.source.size(), 17 + 4U);
  EXPECT_EQ(a.source[0], 'f');
  EXPECT_EQ(a.source.find_first_not_of("0123456789abcdef", 1), 17U);
  EXPECT_TRUE(a.source.ends_with(".cpp"));
  EXPECT_TRUE(a.executable.ends_with(".exe"));
}

TEST(JobNames, HaveDifferentDigitsForSourceAndExecutable) {
  const JobNames names = make_job_names("x", "gcc", "", "");
  EXPECT_NE(names.source, names.executable);
}

TEST(JobNames, DependOnSourceAndLanguage) {
  const JobNames names = make_job_names("x", "gcc", ".c", "");
  EXPECT_NE(names.source, make_job_names("y", "gcc", ".c", "").source);
  EXPECT_NE(names.source, make_job_names("x", "clang", ".c", "").source);
}

TEST(RequestLog, KeepsOrderAndLosesNothingBelowItsLimit) {
  RequestLog log(10);
  log.add("abc");
  log.add({.head = "de", .tail = "f", .omitted = 0});
  log.add("ghij");
  EXPECT_EQ(log.text(), "abcdefghij");
}

TEST(RequestLog, KeepsHeadAndTailAndMarksTheCutWithItsSize) {
  RequestLog log(8);
  log.add("0123456789");
  EXPECT_EQ(log.text(), "0123\n[... 2 bytes of the compiler's output are left out here ...]\n6789");
  log.add("xyz");
  EXPECT_EQ(log.text(), "0123\n[... 5 bytes of the compiler's output are left out here ...]\n9xyz");
}

TEST(RequestLog, BeginsALineWhereOneIsAskedFor) {
  RequestLog log(100);
  log.add_line("a\n");
  log.add_line("b\n");
  log.add("half");
  log.add_line("");
  log.add_line("c\n");
  log.end_line();
  log.add("half");
  log.end_line();
  log.add("d\n");
  EXPECT_EQ(log.text(), "a\nb\nhalf\nc\nhalf\nd\n");
}

TEST(RequestLog, AddsTheCutsOfItsRuns) {
  RequestLog log(8);
  log.add("==\n");
  log.add({.head = "abcd", .tail = "wxyz", .omitted = 100});
  EXPECT_EQ(log.text(), "==\na\n[... 103 bytes of the compiler's output are left out here ...]\nwxyz");
  log.add({.head = "ABCD", .tail = "WXYZ", .omitted = 50});
  EXPECT_EQ(log.text(), "==\na\n[... 161 bytes of the compiler's output are left out here ...]\nWXYZ");
}

TEST(RequestLog, AddsAnotherLogWithItsCut) {
  RequestLog inner(8);
  inner.add("0123456789");
  RequestLog log(100);
  log.add("> ");
  log.add(inner);
  log.add("<");
  EXPECT_EQ(log.text(), "> 0123\n[... 2 bytes of the compiler's output are left out here ...]\n6789<");
}

TEST(RequestLog, IsReadableWhateverTheCompilerPrints) {
  const std::pair<std::string, std::string> cases[] = {
      {std::string("a\0b\x01\x1b[1m\x7f", 9), "a?b??[1m?"},
      {"tab\t cr\r\n", "tab\t cr\r\n"},
      {"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
      {"\xff\xfe", "??"},
      {"\xc0\xaf", "??"},            // overlong
      {"\xe0\x80\xaf", "???"},       // overlong
      {"\xed\xa0\x80", "???"},       // surrogate
      {"\xf4\x90\x80\x80", "????"},  // behind U+10FFFF
      {"\xe2\x82", "??"},            // cut off
      {"\xe2\x82+", "??+"},
  };
  for (const auto& [bytes, readable] : cases) {
    RequestLog log(1000);
    log.add(bytes);
    EXPECT_EQ(log.text(), readable);
  }
}

TEST(Environment, LetsTheLastDefinitionWinInThePlaceOfTheFirst) {
  Environment environment{"A=1", "B=2"};
  add_variables(environment, {"C=3", "A=4", "=x", "nothing", std::string("D=\0", 3), "B=5"});
  EXPECT_EQ(environment, (Environment{"A=4", "B=5", "C=3"}));
  set_default(environment, "A", "9");
  set_default(environment, "HOME", "/box");
  EXPECT_EQ(environment, (Environment{"A=4", "B=5", "C=3", "HOME=/box"}));
}

TEST(Explain, SaysWhyACompilerWasStopped) {
  jail::RunReport report;
  jail::Limits limits;
  limits.memory = 1ULL << 30;
  report.verdict = jail::Verdict::memory_limit;
  EXPECT_EQ(explain("The compiler", report, limits),
            "The compiler was stopped: it needed more than 1.0 GiB of memory.\n");
  limits.idle_time = std::chrono::milliseconds(1500);
  report.verdict = jail::Verdict::idle_limit;
  EXPECT_EQ(explain("The compiler", report, limits), "The compiler was stopped: it did nothing for 1.5 s.\n");
  report.verdict = jail::Verdict::signaled;
  report.signal = 11;
  EXPECT_EQ(explain("The compiler", report, limits),
            "The compiler was terminated by signal 11 (Segmentation fault).\n");
  report.verdict = jail::Verdict::exited;
  EXPECT_EQ(explain("The compiler", report, limits), "");
}

std::int32_t prepended(const std::string& source, const std::string& executable) {
  UniqueFd file = make_memory_file("executable", executable);
  return prepended_size(source, file.get(), executable.size());
}

TEST(PrependedSize, IsTheDifferenceWhenTheSourceIsTheTail) {
  EXPECT_EQ(prepended("print(1)\n", "#! /usr/bin/python3\n\nprint(1)\n"), 21);
}

TEST(PrependedSize, IsZeroForEverythingElse) {
  EXPECT_EQ(prepended("print(1)\n", "print(1)\n"), 0);
  EXPECT_EQ(prepended("print(1)\n", "#! x\nprint(2)\n"), 0);
  EXPECT_EQ(prepended("", "#! x\n"), 0);
  EXPECT_EQ(prepended("x", std::string(1024, ' ') + "x"), 1024);
  EXPECT_EQ(prepended("x", std::string(1025, ' ') + "x"), 0);
  const std::string large((1U << 20) + 1, 'x');
  EXPECT_EQ(prepended(large, "#!\n" + large), 0);
}

}  // namespace
}  // namespace ejf::compile
