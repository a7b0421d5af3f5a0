// SPDX-License-Identifier: Apache-2.0
#include "lang/menu.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/temp_dir.h"
#include "lang/columns.h"
#include "lang/path_completion.h"

namespace ejf::lang {
namespace {

using Kind = MenuOrder::Kind;

MenuRow row(const std::string& language, bool is_on = true, const std::string& argument = "") {
  MenuRow row;
  row.language = language;
  row.id = "7";
  row.is_on = is_on;
  row.version = is_on ? "1.0" : "";
  row.long_name = "Language " + language;
  row.path = is_on ? "/usr/bin/" + language : "";
  row.argument = argument;
  row.reason = is_on ? "" : "it is broken";
  return row;
}

class TheMenu : public ::testing::Test {
 protected:
  TheMenu() { menu_.set_rows({row("bash"), row("g++"), row("gcc"), row("mono", false), row("perl", false, "false")}); }

  MenuOrder press(MenuKey key) { return menu_.handle({key, ""}); }
  MenuOrder type(const std::string& text) {
    MenuOrder order;
    for (char c : text) order = menu_.handle({MenuKey::text, {c}});
    return order;
  }
  std::string text() const {
    std::string all;
    for (const auto& line : menu_.picture().lines) all += line.text + "\n";
    return all;
  }
  bool shows(const std::string& piece) const { return text().find(piece) != std::string::npos; }

  Menu menu_;
};

TEST_F(TheMenu, FillsTheWindowExactly) {
  for (auto [lines, columns] : {std::pair<std::size_t, std::size_t>{24, 80}, {10, 30}, {60, 200}}) {
    menu_.resize(lines, columns);
    auto picture = menu_.picture();
    ASSERT_EQ(picture.lines.size(), lines);
    for (const auto& line : picture.lines) EXPECT_EQ(count_characters(line.text), columns) << line.text;
    EXPECT_FALSE(picture.cursor);
  }
}

TEST_F(TheMenu, ShowsNumberVersionPathAndReason) {
  auto lines = menu_.picture().lines;
  EXPECT_EQ(lines[0].text, fit(" Languages of the compile server: 3 of 5 are on", 80));
  EXPECT_EQ(lines[1].text, fit(" language     id     version        compiler, or why the language is off", 80));
  EXPECT_EQ(lines[2].text, fit(" bash          7 on  1.0            /usr/bin/bash", 80));
  EXPECT_EQ(lines[2].style, MenuStyle::selected);
  EXPECT_EQ(lines[5].text, fit(" mono          7 off                it is broken", 80));
  EXPECT_EQ(lines[5].style, MenuStyle::off);
  EXPECT_TRUE(shows(" bash: Language bash 1.0"));
  EXPECT_TRUE(shows("path given: none; in the jail: not tried"));
}

TEST_F(TheMenu, SaysThatAWindowIsTooSmall) {
  menu_.resize(9, 80);
  EXPECT_EQ(menu_.picture().lines.size(), 1U);
  EXPECT_TRUE(shows("too small"));
  menu_.resize(0, 0);
  EXPECT_TRUE(menu_.picture().lines.empty());
}

TEST_F(TheMenu, MovesWithinTheList) {
  EXPECT_EQ(menu_.selected(), "bash");
  press(MenuKey::up);
  EXPECT_EQ(menu_.selected(), "bash");
  press(MenuKey::down);
  EXPECT_EQ(menu_.selected(), "g++");
  press(MenuKey::end);
  EXPECT_EQ(menu_.selected(), "perl");
  press(MenuKey::page_down);
  EXPECT_EQ(menu_.selected(), "perl");
  press(MenuKey::home);
  EXPECT_EQ(menu_.selected(), "bash");
}

TEST_F(TheMenu, KeepsTheSelectedLanguageInSight) {
  std::vector<MenuRow> rows;
  for (int i = 100; i < 200; ++i) rows.push_back(row("l" + std::to_string(i)));
  menu_.set_rows(rows);
  press(MenuKey::end);
  EXPECT_TRUE(shows(" l199 "));
  EXPECT_FALSE(shows(" l100 "));
  menu_.resize(12, 60);
  EXPECT_TRUE(shows(" l199 "));
  press(MenuKey::page_up);
  EXPECT_EQ(menu_.selected(), "l195");
  menu_.resize(200, 80);
  EXPECT_TRUE(shows(" l100 "));
  EXPECT_TRUE(shows(" l199 "));
  rows.erase(rows.begin(), rows.begin() + 50);
  menu_.set_rows(rows);
  EXPECT_EQ(menu_.selected(), "l195");
}

TEST_F(TheMenu, FindsByNameAndLongName) {
  type("/LANGUAGE GC");
  EXPECT_EQ(menu_.selected(), "gcc");
  EXPECT_FALSE(shows(" g++ "));
  EXPECT_EQ(menu_.picture().cursor, (std::pair<std::size_t, std::size_t>{22, 9 + 11}));
  press(MenuKey::enter);
  EXPECT_TRUE(shows("search: LANGUAGE GC"));
  EXPECT_EQ(type("q").kind, Kind::none);
  press(MenuKey::escape);  // the question
  press(MenuKey::escape);  // the search
  EXPECT_TRUE(shows(" g++ "));
  type("/none such");
  EXPECT_TRUE(shows("there is no such language"));
  EXPECT_EQ(menu_.selected(), "");
  press(MenuKey::clear);
  EXPECT_TRUE(shows(" g++ "));
  type("mono");
  press(MenuKey::backspace);
  EXPECT_EQ(menu_.selected(), "mono");
  press(MenuKey::escape);
  EXPECT_FALSE(shows("search:"));
}

TEST_F(TheMenu, DoesNothingToALanguageThatIsNotThere) {
  type("/none such");
  press(MenuKey::enter);
  for (const char* key : {" ", "c", "t"}) EXPECT_EQ(type(key).kind, Kind::none) << key;
  EXPECT_EQ(press(MenuKey::enter).kind, Kind::none);
  EXPECT_FALSE(menu_.picture().cursor);
}

TEST_F(TheMenu, SwitchesOffAndOnByTheArgument) {
  MenuOrder order = type(" ");
  EXPECT_EQ(order.kind, Kind::probe);
  EXPECT_EQ(order.language, "bash");
  EXPECT_EQ(order.argument, "false");
  press(MenuKey::end);
  order = type(" ");
  EXPECT_EQ(order.kind, Kind::probe);
  EXPECT_EQ(order.language, "perl");
  EXPECT_EQ(order.argument, "");
  press(MenuKey::up);
  EXPECT_EQ(type(" ").kind, Kind::none);
  EXPECT_TRUE(shows("mono cannot be switched on: it is broken"));
  press(MenuKey::down);
  EXPECT_FALSE(shows("cannot be switched on"));
}

TEST_F(TheMenu, SetsClearsAndTriesAPath) {
  menu_.set_rows({row("foo", true, "/opt/foo")});
  press(MenuKey::enter);
  EXPECT_TRUE(shows(" Compiler of foo (empty: look for it): /opt/foo"));
  type("/bin");
  press(MenuKey::backspace);
  MenuOrder order = press(MenuKey::enter);
  EXPECT_EQ(order.kind, Kind::probe);
  EXPECT_EQ(order.argument, "/opt/foo/bi");
  press(MenuKey::enter);
  press(MenuKey::clear);
  EXPECT_EQ(press(MenuKey::escape).kind, Kind::none);
  EXPECT_EQ(type("t").argument, "/opt/foo");
  EXPECT_EQ(type("c").argument, "");
}

TEST_F(TheMenu, EditsUtf8AndLongPaths) {
  press(MenuKey::enter);
  menu_.handle({MenuKey::text, "\xd1\x8f"});
  menu_.handle({MenuKey::text, "\xd1\x8e"});
  press(MenuKey::backspace);
  EXPECT_EQ(press(MenuKey::enter).argument, "\xd1\x8f");
  press(MenuKey::enter);
  type(std::string(100, 'a') + "end");
  EXPECT_TRUE(shows("aaend"));
  EXPECT_LT(menu_.picture().cursor->second, 80U);
  EXPECT_EQ(press(MenuKey::enter).argument, std::string(100, 'a') + "end");
}

TEST_F(TheMenu, HasAPathCompleted) {
  EXPECT_EQ(press(MenuKey::complete).kind, Kind::none);
  press(MenuKey::enter);
  type("/opt/f");
  MenuOrder order = press(MenuKey::complete);
  EXPECT_EQ(order.kind, Kind::complete);
  EXPECT_EQ(order.argument, "/opt/f");
  menu_.set_field("/opt/foo/");
  EXPECT_TRUE(shows("/opt/foo/"));
  EXPECT_EQ(press(MenuKey::enter).argument, "/opt/foo/");
}

TEST(CompletePath, AddsWhatIsCertain) {
  TempDir temp("/tmp", "ejf-test-");
  make_directory_at(temp.fd(), "jdk-17", 0755);
  make_directory_at(temp.fd(), "jdk-21", 0755);
  make_directory_at(temp.fd(), "single", 0755);
  write_file_at(temp.fd(), "single/javac", "", 0755);
  write_file_at(temp.fd(), "single/.hidden", "", 0755);
  const std::string at = temp.path() + "/";
  EXPECT_EQ(complete_path(at + "j"), at + "jdk-");
  EXPECT_EQ(complete_path(at + "jdk-2"), at + "jdk-21/");
  EXPECT_EQ(complete_path(at + "s"), at + "single/");
  EXPECT_EQ(complete_path(at + "single/"), at + "single/javac");
  EXPECT_EQ(complete_path(at + "single/.h"), at + "single/.hidden");
  for (const std::string& same : {at + "x", at + "none/x", std::string{"gcc"}, std::string{}, at + "single/javac"}) {
    EXPECT_EQ(complete_path(same), same);
  }
}

TEST_F(TheMenu, AsksBeforeChangesAreLost) {
  EXPECT_EQ(type("q").kind, Kind::none);
  EXPECT_TRUE(shows("Save the changes? (y/n)"));
  EXPECT_EQ(type("x").kind, Kind::none);
  EXPECT_FALSE(shows("Save the changes?"));
  EXPECT_EQ(type("qn").kind, Kind::quit);
  EXPECT_EQ(type("qy").kind, Kind::save_and_quit);
  EXPECT_EQ(type("s").kind, Kind::save);
  menu_.set_saved(true);
  EXPECT_EQ(type("q").kind, Kind::quit);
  EXPECT_EQ(press(MenuKey::escape).kind, Kind::quit);
  type("c");
  EXPECT_EQ(type("q").kind, Kind::none);
}

TEST_F(TheMenu, ShowsTheLogAndScrollsIt) {
  menu_.show_log();
  menu_.add_log("first\nsec");
  menu_.add_log("ond \x1b[31m\n");
  EXPECT_TRUE(shows("first"));
  EXPECT_TRUE(shows("second ?[31m"));
  for (int i = 0; i < 100; ++i) menu_.add_log("line " + std::to_string(i) + "\n");
  EXPECT_TRUE(shows("line 99 "));
  EXPECT_FALSE(shows("line 78 "));
  press(MenuKey::up);
  EXPECT_TRUE(shows("line 78 "));
  EXPECT_FALSE(shows("line 99 "));
  press(MenuKey::home);
  EXPECT_TRUE(shows("first"));
  press(MenuKey::page_down);
  press(MenuKey::end);
  EXPECT_TRUE(shows("line 99 "));
  type("x");
  EXPECT_TRUE(shows(" bash "));
}

TEST_F(TheMenu, WrapsLongLinesOfTheLog) {
  menu_.resize(12, 40);
  menu_.show_log();
  menu_.add_log(std::string(40, 'a') + std::string(40, 'b') + "end\n");
  auto lines = menu_.picture().lines;
  EXPECT_EQ(lines[1].text, std::string(40, 'a'));
  EXPECT_EQ(lines[2].text, std::string(40, 'b'));
  EXPECT_EQ(lines[3].text, fit("end", 40));
  EXPECT_EQ(lines[4].text, fit("", 40));
}

TEST(MenuRows, ComeFromProbes) {
  ScriptResult result;
  result.end = ScriptResult::End::ended;
  result.output = "version=1\nshort_name=bar\nlong_name=\"L\"\n";
  Probe on = interpret_probe({"foo", "/x"}, result, std::chrono::seconds(1));
  result.output = "version=\n";
  Probe off = interpret_probe({"none", ""}, result, std::chrono::seconds(1));
  auto rows = make_menu_rows({on, off}, {{"bar", 90}});
  EXPECT_EQ(rows[0].id, "90");
  EXPECT_TRUE(rows[0].is_on);
  EXPECT_EQ(rows[0].argument, "/x");
  EXPECT_EQ(rows[1].id, "");
  EXPECT_EQ(rows[1].reason, "no compiler that works was found");
}

}  // namespace
}  // namespace ejf::lang
