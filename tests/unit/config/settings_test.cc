// SPDX-License-Identifier: Apache-2.0
#include "config/settings.h"

#include <gtest/gtest.h>

#include <set>

#include "config/ini_reader.h"

namespace ejf::config {
namespace {

struct Parsed {
  Diagnostics diagnostics;  // before settings, whose reading fills it
  Settings settings;

  explicit Parsed(std::string_view text) : settings(parse_settings(text, "i", diagnostics)) {}

  std::string said() const {
    std::string text;
    for (const Diagnostic& one : diagnostics.all()) {
      text += (one.severity == Diagnostic::Severity::error ? "E " : "W ") + one.text() + "\n";
    }
    return text;
  }
};

TEST(Settings, HasDefaults) {
  const Settings settings;
  EXPECT_EQ(settings.first_uid, 70000);
  EXPECT_EQ(settings.processes, 1024);
  EXPECT_EQ(settings.open_files, 4096);
  EXPECT_EQ(settings.box_size, 1LL << 30);
  EXPECT_EQ(settings.box_inodes, 100000);
  EXPECT_EQ(settings.log_limit, 1LL << 20);
  EXPECT_EQ(settings.log_drain_limit, 1LL << 30);
  EXPECT_EQ(settings.max_source_size, 64LL << 20);
  EXPECT_EQ(settings.grace_time, std::chrono::seconds{20});
  EXPECT_EQ(settings.log_level, log::Level::info);
  EXPECT_TRUE(settings.visible.empty());
  EXPECT_TRUE(settings.given.empty());
}

TEST(Settings, SharesTheHostsMemory) {
  Settings settings;
  EXPECT_EQ(settings.jail_memory(64LL << 30, 4), 4LL << 30);
  EXPECT_EQ(settings.jail_memory(8LL << 30, 4), 2LL << 30);
  EXPECT_EQ(settings.jail_memory(2LL << 30, 0), 2LL << 30);
  settings.memory = 512LL << 20;
  EXPECT_EQ(settings.jail_memory(8LL << 30, 4), 512LL << 20);
}

TEST(Settings, ReadsEveryTypeAndRemembersTheLine) {
  Parsed parsed(
      "; comment\n# comment\n[paths]\nspool_dir =\nlocal_dir=/l ; inline\n[server]\n  slots = 4\n\tgrace_time: 500ms\n"
      "[jail]\nmemory = 2G\r\ncpu_time = 2m\nidle_time = 15s\nvisible = /opt/a: /opt/b:\n[log]\nlevel = warning");
  EXPECT_EQ(parsed.said(), "");
  const Settings& settings = parsed.settings;
  EXPECT_EQ(settings.local_dir, "/l");
  EXPECT_EQ(settings.slots, 4);
  EXPECT_EQ(settings.grace_time.count(), 500);
  EXPECT_EQ(settings.memory, 2LL << 30);
  EXPECT_EQ(settings.cpu_time, std::chrono::minutes{2});
  EXPECT_EQ(settings.idle_time, std::chrono::seconds{15});
  EXPECT_EQ(settings.visible, (std::vector<std::string>{"/opt/a", "/opt/b"}));
  EXPECT_EQ(settings.log_level, log::Level::warning);
  ASSERT_NE(settings.find_given("paths", "spool_dir"), nullptr);
  EXPECT_EQ(settings.find_given("paths", "spool_dir")->text, "");
  EXPECT_EQ(settings.find_given("log", "level")->origin, "i:15");
  EXPECT_EQ(settings.find_given("paths", "conf_dir"), nullptr);
}

TEST(Settings, WarnsOfUnknownNamesWithSuggestions) {
  EXPECT_EQ(
      Parsed("slots = 1\n[server]\nslot = 1\nzzzzzzzz = 1\n[sevrer]\nslots = 2\n[jail]\nslots = 3\n[languages]\nx=1\n")
          .said(),
      "W i:1: 'slots' stands before any section\n"
      "W i:3: unknown key 'slot' in [server]; did you mean 'slots'?\n"
      "W i:4: unknown key 'zzzzzzzz' in [server]\n"
      "W i:5: unknown section '[sevrer]' is ignored; did you mean 'server'?\n"
      "W i:8: 'slots' belongs to [server], not to [jail]\n"
      "W i:10: unknown key 'x' in [languages]\n");
}

TEST(Settings, ReportsAllBadValuesTogetherAndKeepsDefaults) {
  Parsed parsed(
      "[paths]\nlocal_dir = here\nrequest_roots = /a:b\n[server]\nslots = -1\nscan_interval = soon\nmax_source_size = "
      "5X\n"
      "[jail]\nfirst_uid = 99999999999\ncpu_time = 9999999999\n[log]\nlevel = loud\n");
  EXPECT_EQ(parsed.said(),
            "E i:2: 'local_dir': 'here' is not an absolute path\n"
            "E i:3: 'request_roots': 'b' is not an absolute path\n"
            "E i:5: 'slots': '-1' is not a number from 0\n"
            "E i:6: 'scan_interval': 'soon' is not a time such as 30s or 500ms\n"
            "E i:7: 'max_source_size': '5X' is not a size such as 64M\n"
            "E i:9: 'first_uid': '99999999999' is not a number from 0\n"
            "E i:10: 'cpu_time': '9999999999' is not a time such as 30s or 500ms\n"
            "E i:12: 'level': 'loud' is not debug, info, warning or error\n");
  EXPECT_EQ(parsed.settings.first_uid, 70000);
  EXPECT_TRUE(parsed.settings.given.empty());
}

TEST(Settings, TakesTimesThatAClockCanCount) {
  EXPECT_EQ(Parsed("[server]\nfault_patience = 800000h\ngrace_time = 0\n").said(), "");
  EXPECT_EQ(Parsed("[server]\nfault_patience = 900000h\n").said(),
            "E i:2: 'fault_patience': '900000h' is not a time such as 30s or 500ms\n");
}

TEST(Settings, ReportsLinesThatInihWouldCutOrNotUnderstand) {
  const std::string longest = "visible = /" + std::string(k_max_ini_line - 11, 'x');
  ASSERT_EQ(longest.size(), k_max_ini_line);
  Parsed good("[jail]\n" + longest + "\r\nslots\n");
  EXPECT_EQ(good.said(), "E i:3: 'slots': '=' is expected\n");
  ASSERT_EQ(good.settings.visible.size(), 1U);
  EXPECT_EQ(good.settings.visible[0].size(), k_max_ini_line - 10);
  EXPECT_EQ(
      Parsed("[jail]\n" + longest + "y\n[jail\n= 1\n" + std::string("a\0b=1\n", 6) + "[a;b]\n[server]\nslots=x").said(),
      "E i:2: the line is over 197 bytes\n"
      "E i:3: ']' is expected\n"
      "E i:4: a key is expected before '='\n"
      "E i:5: a zero byte\n"
      "E i:6: ']' is expected\n"
      "E i:8: 'slots': 'x' is not a number from 0\n");
  // A comment may be as long as it likes.
  EXPECT_EQ(Parsed("; " + std::string(1000, 'x') + "\n").said(), "");
}

TEST(Settings, TakesAByteOrderMarkAndWarnsOfRepetition) {
  EXPECT_EQ(Parsed("\xef\xbb\xbf[server]\nslots = 1\nslots = 2\n").said(), "W i:3: 'slots' was given before, at i:2\n");
  EXPECT_EQ(Parsed("\xef\xbb\xbf[server]\nslots = 1\nslots = 2\n").settings.slots, 2);
}

TEST(Settings, SaysWhenTheFileIsNotThere) {
  Diagnostics diagnostics;
  load_settings(EJF_TEST_DATA "/absent.ini", diagnostics);
  EXPECT_TRUE(diagnostics.has_errors());
}

TEST(Settings, PrintsWhatIsInForceInAFormThatItReads) {
  Parsed parsed("[server]\nslots = 4\n[log]\nlevel = debug\n");
  const std::string text = print_settings(parsed.settings);
  EXPECT_NE(text.find("slots = 4                        ; i:2\n"), std::string::npos) << text;
  EXPECT_NE(text.find(";first_uid = 70000               ; default\n"), std::string::npos) << text;
  Parsed again(text);
  EXPECT_EQ(again.said(), "");
  EXPECT_EQ(again.settings.slots, 4);
  EXPECT_EQ(again.settings.given.size(), parsed.settings.given.size());
  EXPECT_EQ(again.settings.log_level, log::Level::debug);
}

TEST(Settings, ShipsASampleThatChangesNothingAndNamesEveryKey) {
  const std::string sample = sample_settings();
  Parsed asleep(sample);
  EXPECT_EQ(asleep.said(), "");
  EXPECT_TRUE(asleep.settings.given.empty());
  for (const SettingKey& key : settings_keys()) {
    EXPECT_NE(sample.find("\n;" + std::string(key.key) + " ="), std::string::npos) << key.key;
  }
  // With the semicolons away every line is one that would be taken.
  std::string awake;
  for (std::size_t at = 0; at < sample.size();) {
    const std::string line = sample.substr(at, sample.find('\n', at) - at);
    at += line.size() + 1;
    awake += (line.starts_with(";") && !line.starts_with("; ") ? line.substr(1) : line) + "\n";
  }
  Parsed all(awake);
  EXPECT_EQ(all.said(), "");
  EXPECT_EQ(all.settings.given.size(), settings_keys().size());
}

TEST(Settings, HasEachKeyOnce) {
  std::set<std::pair<std::string_view, std::string_view>> names;
  for (const SettingKey& key : settings_keys()) {
    EXPECT_TRUE(names.emplace(key.section, key.key).second) << key.key;
    EXPECT_FALSE(key.doc.empty()) << key.key;
  }
}

}  // namespace
}  // namespace ejf::config
