// SPDX-License-Identifier: Apache-2.0
#include "tools/lang_report.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tools/commands.h"

namespace ejf::tools {
namespace {

LangTrial make_trial(const std::string& language) {
  LangTrial trial;
  trial.language = language;
  trial.id = 7;
  trial.version = "1.2";
  trial.time = std::chrono::milliseconds{60};
  return trial;
}

LangTrial make_good(const std::string& language) {
  LangTrial trial = make_trial(language);
  trial.of(LangCheck::correct) = {CheckState::passed, "OK", {}, {}};
  trial.of(LangCheck::wrong) = {CheckState::passed, "compile error", {}, {}};
  return trial;
}

LangTrial make_bad(const std::string& language, CheckState state = CheckState::failed) {
  LangTrial trial = make_good(language);
  trial.of(LangCheck::input) = {state, "wrong answer", "it prints '1', not '2'", "\none\n\x1b[2J\ntwo"};
  return trial;
}

TEST(Answer, IsItsWords) {
  EXPECT_TRUE(is_same_answer("5\n", "5"));
  EXPECT_TRUE(is_same_answer("  1\r\n 2 ", "1 2"));
  EXPECT_TRUE(is_same_answer(" \n", ""));
  EXPECT_FALSE(is_same_answer("55", "5"));
  EXPECT_FALSE(is_same_answer("5", "55"));
  EXPECT_FALSE(is_same_answer("5 5", "5"));
  EXPECT_FALSE(is_same_answer("5", "5 5"));
  EXPECT_FALSE(is_same_answer("", "5"));
  EXPECT_FALSE(is_same_answer("5", ""));
}

TEST(LangReport, HasALineForEach) {
  EXPECT_EQ(format_lang_trials({make_good("gcc"), make_trial("mine")}, false),
            "language   version   correct   wrong           input   multi   flags   time\n"
            "gcc        1.2       OK        compile error   none    none    none    60 ms\n"
            "mine       1.2       none      none            none    none    none    60 ms\n"
            "\n1 of 2 languages work; without samples: mine\n");
}

TEST(LangReport, SaysWhyALanguageFails) {
  const std::string text = format_lang_trials({make_bad("gcc")}, false);
  EXPECT_NE(text.find("   FAIL: wrong answer   "), std::string::npos) << text;
  EXPECT_NE(
      text.find("\n\ngcc, input: it prints '1', not '2'\n    one\n    \\x1b[2J\n    two\n\n0 of 1 languages work\n"),
      std::string::npos)
      << text;
}

TEST(LangReport, ShowsTheBeginningOfALogOnly) {
  LangTrial trial = make_bad("gcc");
  std::string log;
  for (int i = 0; i < 1000; ++i) log += "line\n";
  trial.of(LangCheck::input).log = log;
  const std::string text = format_lang_trials({trial}, false);
  EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 20);
}

TEST(LangReport, MarksWhatHasFailedInColour) {
  const std::string text = format_lang_trials({make_good("a"), make_bad("b"), make_good("c")}, true);
  const std::size_t red = text.find("\x1b[31m");
  EXPECT_EQ(text.substr(red + 5, 2), "b ");
  EXPECT_EQ(text.find("\x1b[31m", red + 1), std::string::npos);
  EXPECT_NE(text.find("\x1b[0m\nc "), std::string::npos);
  EXPECT_NE(text.find("\n2 of 3 languages work\n"), std::string::npos);
}

TEST(LangReport, IsJsonForPrograms) {
  LangTrial bad = make_bad("gcc");
  bad.of(LangCheck::input).log = "\xff";  // a compiler may say anything
  const auto json = boost::json::parse(lang_trials_json({make_good("g++"), bad})).as_object();
  EXPECT_EQ(json.at("total"), 2);
  EXPECT_EQ(json.at("passed"), 1);
  const auto& entry = json.at("languages").as_array().at(1).as_object();
  EXPECT_EQ(entry.at("language"), "gcc");
  EXPECT_EQ(entry.at("id"), 7);
  EXPECT_EQ(entry.at("result"), "failed");
  EXPECT_EQ(entry.at("time_ms"), 60.0);
  const auto& checks = entry.at("checks").as_object();
  EXPECT_EQ(checks.size(), k_lang_check_names.size());
  EXPECT_EQ(checks.at("correct").at("result"), "passed");
  EXPECT_EQ(checks.at("flags"), (boost::json::object{{"result", "none"}}));
  EXPECT_EQ(checks.at("input").at("reason"), "it prints '1', not '2'");
  EXPECT_EQ(checks.at("input").at("log"), "\xef\xbf\xbd");
}

TEST(LangReport, TellsTheMachinesFaultsFromALanguages) {
  EXPECT_EQ(exit_code({make_good("a"), make_trial("b")}), k_done);
  EXPECT_EQ(exit_code({make_good("a"), make_bad("b")}), k_asked_about_failed);
  EXPECT_EQ(exit_code({make_bad("a", CheckState::fault), make_bad("b")}), k_machine_at_fault);
}

}  // namespace
}  // namespace ejf::tools
