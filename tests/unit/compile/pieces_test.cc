// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "base/files.h"
#include "compile/job_names.h"
#include "compile/log_text.h"
#include "compile/prepended.h"

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

TEST(LogText, MarksWhatWasLeftOut) {
  EXPECT_EQ(log_text({.head = "abc", .tail = "", .omitted = 0}), "abc");
  const std::string text = log_text({.head = "abc", .tail = "xyz", .omitted = 1234});
  EXPECT_TRUE(text.starts_with("abc\n"));
  EXPECT_TRUE(text.ends_with("\nxyz"));
  EXPECT_NE(text.find("1234"), std::string::npos);
}

TEST(Explain, SaysWhyACompilerWasStopped) {
  jail::RunReport report;
  jail::Limits limits;
  limits.memory = 1ULL << 30;
  report.verdict = jail::Verdict::memory_limit;
  EXPECT_EQ(explain(report, limits), "The compiler was stopped: it needed more than 1.0 GiB of memory.\n");
  report.verdict = jail::Verdict::signaled;
  report.signal = 11;
  EXPECT_EQ(explain(report, limits), "The compiler was terminated by signal 11 (Segmentation fault).\n");
  report.verdict = jail::Verdict::exited;
  EXPECT_EQ(explain(report, limits), "");
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
