// SPDX-License-Identifier: Apache-2.0
// What is read from the files of control groups. How groups behave is tested by tests/jail and tests/vm.
#include "jail/group_files.h"

#include <gtest/gtest.h>

namespace ejf::jail {
namespace {

using Points = std::map<std::string, std::string>;
using Words = std::vector<std::string>;

TEST(GroupFiles, WordsAreWhatLiesBetweenSeparators) {
  EXPECT_EQ(words_of("memory pids  cpu\n", " \n"), (Words{"memory", "pids", "cpu"}));
  EXPECT_EQ(words_of("\n1\n23", "\n"), (Words{"1", "23"}));
  EXPECT_EQ(words_of("", " "), Words{});
  EXPECT_EQ(words_of(" ", " "), Words{});
}

TEST(GroupFiles, NumbersAreFoundByTheirWholeKey) {
  const std::string events = "low 1\nhigh 2\nmax 3\noom 4\noom_kill 18446744073709551615\noom_group_kill 6\n";
  EXPECT_EQ(keyed(events, "oom"), 4U);
  EXPECT_EQ(keyed(events, "oom_kill"), 18446744073709551615U);
  EXPECT_EQ(keyed(events, "oom_group_kill"), 6U);
  EXPECT_EQ(keyed(events, "kill"), 0U);
  EXPECT_EQ(keyed("oom", "oom"), 0U);
  EXPECT_EQ(keyed("", "oom"), 0U);
}

TEST(GroupFiles, MountPointsOfAUnifiedHost) {
  EXPECT_EQ(mount_points("24 30 0:22 / /proc rw,nosuid shared:12 - proc proc rw\n"
                         "35 24 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"),
            (Points{{"", "/sys/fs/cgroup"}}));
}

TEST(GroupFiles, MountPointsOfAHybridHost) {
  EXPECT_EQ(mount_points("32 31 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
                         "33 31 0:30 / /sys/fs/cgroup/memory rw shared:1 master:2 - cgroup cgroup rw,memory\n"
                         "34 31 0:31 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"),
            (Points{{"", "/sys/fs/cgroup/unified"},
                    {"rw", "/sys/fs/cgroup/memory"},
                    {"memory", "/sys/fs/cgroup/memory"},
                    {"cpu", "/sys/fs/cgroup/cpu,cpuacct"},
                    {"cpuacct", "/sys/fs/cgroup/cpu,cpuacct"}}));
}

TEST(GroupFiles, MountPointsOfLinesThatEndEarly) {
  EXPECT_EQ(mount_points(""), Points{});
  EXPECT_EQ(mount_points("33 31 0:30 / /sys/fs/cgroup/memory rw\n - cgroup2 x rw\n33 31 0:30 / /x - cgroup2\n"),
            Points{});
}

TEST(GroupFiles, OwnGroupIsThatOfVersion2) {
  EXPECT_EQ(v2_group("0::/user.slice/a.scope\n"), "/user.slice/a.scope");
  EXPECT_EQ(v2_group("4:memory:/x\n10::/y\n0::/\n"), "/");
  EXPECT_EQ(v2_group("4:memory:/x\n"), "/");
}

TEST(GroupFiles, JobsTogetherLeaveMemoryToTheServer) {
  constexpr std::uint64_t k_gib = std::uint64_t{1} << 30;
  EXPECT_EQ(memory_for_jobs(8 * k_gib), 7 * k_gib);
  EXPECT_EQ(memory_for_jobs(256 * k_gib), 254 * k_gib);
}

}  // namespace
}  // namespace ejf::jail
