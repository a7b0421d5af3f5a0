// SPDX-License-Identifier: Apache-2.0
#include "jail/admission.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "jail/id_range.h"

namespace ejf::jail {
namespace {

constexpr std::string_view k_passwd =
    "root:x:0:0:root:/root:/bin/bash\nejudge:x:1001:1001::/:/bin/sh\nejcompile:x:1002:1002::/:/bin/sh\nbroken\n";

AdminRules rules_of(std::string_view text) {
  return parse_admin_rules(text, k_passwd, "ejudge ejcompile nobody-here");
}

JailConfig good_config() {
  JailConfig config;
  config.user_name = "ejcompile";
  config.first_uid = 61000;
  config.cgroup_name = "ejforge-queue-0";
  config.visible = {"/opt/pascal", "/srv/x/"};
  return config;
}

const Client k_stranger{{1002, 1002, {}}, false};

std::string refusal_of(const JailConfig& config, const AdminRules& rules = AdminRules::of_root()) {
  try {
    admit(config, {}, rules);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(AdminRules, DefaultsAreTheUsersOfTheBuildThatThereAre) {
  EXPECT_EQ(rules_of("").users, (std::vector<uid_t>{1001, 1002}));
  EXPECT_EQ(rules_of("").first_uid, 70000U);
}

TEST(AdminRules, FileSaysOtherwise) {
  AdminRules rules =
      rules_of("# comment\n users = ejudge  54321 # of the directory service\nslots=3\nbrokers=2\nbox_size = 2G\n");
  EXPECT_EQ(rules.users, (std::vector<uid_t>{1001, 54321}));
  EXPECT_EQ(rules.slots, 3U);
  EXPECT_EQ(rules.brokers, 2U);
  EXPECT_EQ(rules.box_size, std::uint64_t{2} << 30);
}

TEST(AdminRules, EveryWrongLineIsNamed) {
  try {
    rules_of("users = nobody-here\nfirst_uid = 0\nslots = -1\nslots = 5000\ncolour = red\nnothing\n");
    FAIL() << "accepted";
  } catch (const Error& error) {
    const std::string text = error.what();
    for (const char* part : {"'nobody-here'", "'0'", "'-1'", "'5000'", "'colour'", "'nothing'"}) {
      EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
    }
  }
}

TEST(Admission, OrdinaryConfigurationIsServed) {
  EXPECT_EQ(refusal_of(good_config()), "");
}

TEST(Admission, ConfigurationsThatNobodyMeansAreRefused) {
  using Change = void (*)(JailConfig&);
  constexpr Change k_changes[] = {
      [](JailConfig& c) { c.mode = static_cast<Mode>(7); },
      [](JailConfig& c) { c.slots = 0; },
      [](JailConfig& c) { c.slots = 4'000'000'000U; },
      [](JailConfig& c) { c.user_name = "root:x:0:0::/:\nother"; },
      [](JailConfig& c) { c.user_name = "a:b"; },
      [](JailConfig& c) { c.user_name = "a\nb"; },
      [](JailConfig& c) { c.user_name = ""; },
      [](JailConfig& c) { c.cgroup_name = "../system.slice"; },
      [](JailConfig& c) { c.cgroup_name = "a/b"; },
      [](JailConfig& c) { c.cgroup_name = ""; },
      [](JailConfig& c) { c.cgroup_name = std::string(5000, 'x'); },
      [](JailConfig& c) { c.cgroup_name = std::string("a\0b", 3); },
      [](JailConfig& c) { c.first_uid = 0xffffffff; },
      [](JailConfig& c) { c.visible = {"etc"}; },
      [](JailConfig& c) { c.visible = {"/x/../../etc"}; },
      [](JailConfig& c) { c.visible = {std::string("/x\0/y", 5)}; },
      [](JailConfig& c) { c.visible = {"/" + std::string(5000, 'x')}; },
      [](JailConfig& c) { c.visible.assign(5000, "/x"); },
      [](JailConfig& c) {
        c.mode = Mode::none;
        c.work_dir = "relative";
      },
  };
  for (std::size_t i = 0; i < std::size(k_changes); ++i) {
    JailConfig config = good_config();
    k_changes[i](config);
    EXPECT_NE(refusal_of(config), "") << i;
  }
}

TEST(Admission, StrangersGetUsersAndGroupsOfRootsChoice) {
  JailConfig config = good_config();
  Admission admission = admit(config, k_stranger, rules_of("first_uid = 80000"));
  EXPECT_EQ(admission.config.first_uid, 80000U);
  EXPECT_EQ(admission.config.cgroup_name, "ejforge-uid1002-ejforge-queue-0");
  EXPECT_EQ(admit(config, {}, AdminRules::of_root()).config.first_uid, 61000U);
}

TEST(Admission, StrangersMayNotAskForWhatIsRoots) {
  using Change = void (*)(JailConfig&);
  constexpr Change k_changes[] = {
      [](JailConfig& c) { c.mode = Mode::none, c.work_dir = "/tmp"; },
      [](JailConfig& c) { c.slots = 65; },
      [](JailConfig& c) {
        c.later = {1003, 1003, {}};
      },
      [](JailConfig& c) { c.seccomp_log = true; },
      [](JailConfig& c) { c.visible = {"/"}; },
      [](JailConfig& c) { c.visible = {"/./"}; },
  };
  for (std::size_t i = 0; i < std::size(k_changes); ++i) {
    JailConfig config = good_config();
    k_changes[i](config);
    EXPECT_THROW(admit(config, k_stranger, rules_of("")), Error) << i;
    EXPECT_EQ(refusal_of(config), "") << i;
  }
  JailConfig config = good_config();
  config.seccomp_log = true;
  EXPECT_TRUE(admit(config, k_stranger, rules_of("seccomp_log = 1")).config.seccomp_log);
}

TEST(Admission, SuccessorOfRootIsWhoRootSaid) {
  JailConfig config = good_config();
  config.later = {1002, 1003, {1004}};
  Admission next = successor(admit(config, {}, AdminRules::of_root()));
  EXPECT_EQ(next.client.rights, config.later);
  EXPECT_FALSE(next.client.is_trusted);
  EXPECT_EQ(next.rules.first_uid, 61000U);
  EXPECT_EQ(next.rules.seccomp_log, 0U);
  // And whoever follows does not become root again.
  Admission third = successor({good_config(), next.client, next.rules});
  EXPECT_EQ(third.client.rights, config.later);
}

TEST(Admission, BoxesHaveASizeThatRootAllows) {
  AdminRules rules = rules_of("box_size = 1G\nbox_inodes = 1000");
  EXPECT_EQ(wrong_with(BoxSpec{std::uint64_t{1} << 30, 1000}, rules), "");
  EXPECT_NE(wrong_with(BoxSpec{(std::uint64_t{1} << 30) + 1, 1000}, rules), "");
  EXPECT_NE(wrong_with(BoxSpec{1, 1001}, rules), "");
  EXPECT_NE(wrong_with(BoxSpec{0, 10}, rules), "");  // tmpfs: no limit at all
  EXPECT_NE(wrong_with(BoxSpec{10, 0}, rules), "");
}

TEST(Admission, LimitsAreLowered) {
  Limits limits;
  limits.memory = 0;
  limits.processes = 5;
  limits.open_files = 5000;
  limits.log_stored = std::uint64_t{1} << 40;
  lower(limits, rules_of("memory = 1G\nprocesses = 10\nopen_files = 100\nseconds = 20"));
  EXPECT_EQ(limits.memory, std::uint64_t{1} << 30);
  EXPECT_EQ(limits.processes, 5U);
  EXPECT_EQ(limits.open_files, 100U);
  EXPECT_EQ(limits.real_time, std::chrono::seconds(20));
  EXPECT_LT(limits.log_stored, std::uint64_t{1} << 28);
}

TEST(Admission, RunsThatNobodyMeansAreRefused) {
  using Change = void (*)(RunSpec&);
  const std::string k_nul{"a\0b", 3};
  constexpr Change k_changes[] = {
      [](RunSpec& s) { s.argv.emplace_back("a\0b", 3); },
      [](RunSpec& s) { s.env.emplace_back("a\0b", 3); },
      [](RunSpec& s) { s.directory = "../x"; },
      [](RunSpec& s) { s.directory = "/etc"; },
      [](RunSpec& s) { s.limits.real_time = std::chrono::milliseconds(-1); },
      [](RunSpec& s) { s.limits.real_time = std::chrono::milliseconds::max(); },
      [](RunSpec& s) { s.limits.cpu_time = std::chrono::milliseconds::min(); },
      [](RunSpec& s) { s.limits.idle_time = std::chrono::milliseconds::max(); },
      [](RunSpec& s) { s.standard_input = open_directory("/"); },
      [](RunSpec& s) { s.standard_input = open_at(AT_FDCWD, "/", O_PATH); },
      [](RunSpec& s) { s.limits.memory = std::uint64_t{1} << 63; },
      [](RunSpec& s) {
        s.visible.push_back({"relative", {}});
      },
      [](RunSpec& s) {
        s.visible.push_back({"/../etc/cron.d/x", {}});
      },
      [](RunSpec& s) {
        s.outputs.push_back({std::string("a\0b", 3), 0});
      },
  };
  RunSpec good;
  good.argv = {"/bin/true"};
  good.standard_input = open_at(AT_FDCWD, "/dev/null", O_RDONLY);
  EXPECT_EQ(wrong_with(good), "");
  for (std::size_t i = 0; i < std::size(k_changes); ++i) {
    RunSpec spec = good.duplicate();
    k_changes[i](spec);
    EXPECT_NE(wrong_with(spec), "") << i;
  }
}

TEST(Admission, ContentIsAFileThatReadsTheSameForAll) {
  auto wrong = [](UniqueFd content) {
    FileOrder order;
    order.name = "f";
    order.content = std::move(content);
    return wrong_with(order);
  };
  EXPECT_EQ(wrong(make_memory_file("f", "text")), "");
  EXPECT_EQ(wrong(open_at(AT_FDCWD, "/etc/passwd", O_RDONLY)), "");
  EXPECT_NE(wrong(open_at(AT_FDCWD, "/proc/self/stat", O_RDONLY)), "");
  EXPECT_NE(wrong(open_at(AT_FDCWD, "/dev/zero", O_RDONLY)), "");
  EXPECT_NE(wrong(open_at(AT_FDCWD, "/etc", O_RDONLY)), "");
  EXPECT_NE(wrong(make_pipe().read_end), "");
}

TEST(IdRange, IsFoundByNameAndByNumber) {
  constexpr std::string_view k_text = "other:1:9\nme:100000:65536\n1000:300000:10\nme:0:70000\nbad:line\n";
  EXPECT_EQ(find_range(k_text, "me", 7, 100), 100000U);
  EXPECT_EQ(find_range(k_text, "", 1000, 10), 300000U);
  EXPECT_EQ(find_range(k_text, "nobody", 1000, 11), std::nullopt);  // too small
  EXPECT_EQ(find_range(k_text, "me", 7, 65537), std::nullopt);      // and never root
  EXPECT_EQ(find_range(k_text, "", 7, 1), std::nullopt);
}

}  // namespace
}  // namespace ejf::jail
