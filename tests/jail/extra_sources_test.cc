// SPDX-License-Identifier: Apache-2.0
// How a problem's extra sources arrive in a box: class ExtraSources of the room `compile`, with a jail.
#include "compile/extra_sources.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "prison.h"

namespace ejf::jail {
namespace {

using compile::ExtraSources;
using compile::ExtraSourcesLimits;

constexpr ExtraSourcesLimits k_limits{.bytes = 512ULL << 20};

class AnyBox : public testing::TestWithParam<Mode> {
 protected:
  void SetUp() override {
    for (const char* name : {"lib", "lib/deep", "tight"}) make_directory_at(extra.fd(), name, 0755);
    write_file_at(extra.fd(), "Makefile", "all:\n", 0640);
    write_file_at(extra.fd(), "lib/tool.sh", "#!/bin/sh\necho tool\n", 0755);
    write_file_at(extra.fd(), "lib/deep/x.h", "old", 0444);
    write_file_at(extra.fd(), "tight/y", "y", 0600);
    const timespec times[2] = {{1'000'000'000, 0}, {1'000'000'000, 123'456'789}};
    ASSERT_EQ(::utimensat(extra.fd(), "lib/deep/x.h", times, 0), 0);
    ASSERT_EQ(::symlinkat("deep/x.h", extra.fd(), "lib/link"), 0);
    ASSERT_EQ(::symlinkat("/etc/nothing", extra.fd(), "dangling"), 0);
    ASSERT_EQ(::linkat(extra.fd(), "Makefile", extra.fd(), "makefile.2", 0), 0);
    ASSERT_EQ(::mkfifoat(extra.fd(), "fifo", 0666), 0);
    ASSERT_EQ(::fchmodat(extra.fd(), "tight", 0500, 0), 0);
  }
  void TearDown() override { ASSERT_EQ(::fchmodat(extra.fd(), "tight", 0700, 0), 0); }

  Prison prison{GetParam()};
  TempDir extra{"/tmp", "extra_test-"};
};

INSTANTIATE_TEST_SUITE_P(Modes, AnyBox, testing::Values(Mode::full, Mode::none),
                         [](const auto& each) { return each.param == Mode::full ? "full" : "none"; });

TEST_P(AnyBox, HoldsACopyOfTheTree) {
  const ExtraSources sources(extra.path(), k_limits);
  for (const char* prefix : {"", "build"}) {
    Box box = prison.make_box();
    sources.put_into(prison.jail(), box, prefix);
    RunSpec spec = Prison::shell_spec(
        "find . -mindepth 1 ! -path './.*' -printf '%P %y %m %l\\n' | LC_ALL=C sort; cat lib/link; echo; lib/tool.sh;"
        "date -r lib/deep/x.h +%s.%N; touch tight/new && stat -c %h Makefile;"
        "test $(id -u) = $(stat -c %u lib) && echo mine");
    spec.directory = prefix;
    EXPECT_EQ(prison.run_in(box, std::move(spec)).log.head,
              "Makefile f 640 \ndangling l 777 /etc/nothing\nlib d 755 \nlib/deep d 755 \nlib/deep/x.h f 444 \n"
              "lib/link l 777 deep/x.h\nlib/tool.sh f 755 \nmakefile.2 f 640 \ntight d 700 \ntight/y f 600 \n"
              "old\ntool\n1000000000.123456789\n1\nmine\n");
  }
}

TEST_P(AnyBox, IsFilledAgainForTheNextTest) {
  const ExtraSources sources(extra.path(), k_limits);
  for (int test = 1; test <= 3; ++test) {
    Box box = prison.make_box();
    sources.put_into(prison.jail(), box, "");
    EXPECT_EQ(prison.run_in(box, Prison::shell_spec("cat lib/deep/x.h; rm -rf lib")).log.head, "old") << test;
  }
}

TEST_P(AnyBox, GetsNothingThatWasPutInTheWayMeanwhile) {
  const ExtraSources sources(extra.path(), k_limits);
  ASSERT_TRUE(try_unlink_at(extra.fd(), "lib/tool.sh"));
  ASSERT_EQ(::symlinkat("/etc/passwd", extra.fd(), "lib/tool.sh"), 0);
  Box box = prison.make_box();
  EXPECT_THROW(sources.put_into(prison.jail(), box, ""), SysError);
  ASSERT_TRUE(try_unlink_at(extra.fd(), "lib/tool.sh"));
  ASSERT_EQ(::mkfifoat(extra.fd(), "lib/tool.sh", 0666), 0);
  EXPECT_THROW(sources.put_into(prison.jail(), box, ""), Error);
  rename_at(extra.fd(), "lib", extra.fd(), "moved");
  ASSERT_EQ(::symlinkat("moved", extra.fd(), "lib"), 0);
  EXPECT_THROW(sources.put_into(prison.jail(), box, ""), SysError);
}

/// Descriptors in flight count against the sender's limit, which must not end the jail.
TEST_P(AnyBox, TakesThousandsOfFilesWithFewDescriptors) {
  constexpr int k_files = 3000;
  make_directory_at(extra.fd(), "many", 0755);
  for (int i = 0; i < k_files; ++i) write_file_at(extra.fd(), "many/" + std::to_string(i), "x", 0644);
  const ExtraSources sources(extra.path(), k_limits);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  constexpr rlim_t k_few = 64;
  const rlimit few{k_few, before.rlim_max};
  Box box = prison.make_box();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  sources.put_into(prison.jail(), box, "");
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(prison.run_in(box, Prison::shell_spec("ls many | wc -l")).log.head, "3000\n");
}

TEST(SmallBox, FailsItsRunWhenItIsTooSmall) {
  Prison prison{Mode::full};
  TempDir extra{"/tmp", "extra_test-"};
  write_file_at(extra.fd(), "large", std::string(std::size_t{2} << 20, 'x'), 0644);
  const ExtraSources sources(extra.path(), k_limits);
  Box box = prison.make_box({}, {.bytes = std::uint64_t{1} << 20});
  sources.put_into(prison.jail(), box, "");
  RunReport report = prison.run_in(box, Prison::shell_spec("exit 0"));
  EXPECT_EQ(report.verdict, Verdict::jail_failed);
  EXPECT_EQ(report.reason, "write large: No space left on device");
}

}  // namespace
}  // namespace ejf::jail
