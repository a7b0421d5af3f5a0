// SPDX-License-Identifier: Apache-2.0
#include "spool/directory_watch.h"

#include <poll.h>

#include "base/error.h"
#include "spool_fixture.h"

namespace ejf::spool {
namespace {

using DirectoryWatchTest = SpoolTest;

bool is_readable(int fd) {
  pollfd poll{fd, POLLIN, 0};
  return ::poll(&poll, 1, 0) == 1;
}

TEST_F(DirectoryWatchTest, TellsWhatAppears) {
  RequestQueue queue(base);
  DirectoryWatch watch(queue.dir_path());
  EXPECT_FALSE(is_readable(watch.fd()));
  EXPECT_TRUE(watch.read().names.empty());
  submit("P1");
  submit("P2");
  EXPECT_TRUE(is_readable(watch.fd()));
  auto events = watch.read();
  EXPECT_EQ(events.names, (std::vector<std::string>{"P1", "P2"}));
  EXPECT_FALSE(events.overflow);
  EXPECT_FALSE(events.lost);
  for (const std::string& name : events.names) queue.note(name);
  auto claim = queue.take();
  ASSERT_TRUE(claim);
  EXPECT_TRUE(watch.read().names.empty());
  claim->give_back();
  EXPECT_EQ(watch.read().names, std::vector<std::string>{"P1"});
}

TEST_F(DirectoryWatchTest, TellsWhenTheDirectoryIsRemovedThoughItIsOpen) {
  RequestQueue queue(base);
  DirectoryWatch watch(queue.dir_path());
  ASSERT_EQ(::rmdir(queue.dir_path().c_str()), 0);
  EXPECT_TRUE(watch.read().lost);
}

TEST_F(DirectoryWatchTest, TellsWhenTheDirectoryMoves) {
  SafeDirectory directory(base);
  DirectoryWatch watch(base + "/dir");
  ASSERT_EQ(::rename((base + "/dir").c_str(), (base + "/old").c_str()), 0);
  EXPECT_TRUE(watch.read().lost);
}

TEST_F(DirectoryWatchTest, IgnoresWhatHappensBesideTheDirectory) {
  SafeDirectory directory(base);
  DirectoryWatch watch(base + "/dir");
  ASSERT_EQ(::rmdir((base + "/out").c_str()), 0);
  ASSERT_EQ(::rename((base + "/in").c_str(), (base + "/in2").c_str()), 0);
  auto events = watch.read();
  EXPECT_FALSE(events.lost);
  EXPECT_TRUE(events.names.empty());
}

TEST_F(DirectoryWatchTest, TellsOfDroppedEvents) {
  SafeDirectory directory(base);
  DirectoryWatch watch(base + "/dir");
  const int limit = std::stoi(read_file("/proc/sys/fs/inotify/max_queued_events", 100));
  ASSERT_LE(limit, 1 << 20) << "too many events to make";
  // A new name each time: equal events are merged.
  UniqueFd dir = open_directory(base + "/dir");
  write_file_at(dir.get(), "0", "", 0644);
  for (int i = 0; i <= limit; ++i) rename_at(dir.get(), std::to_string(i), dir.get(), std::to_string(i + 1));
  bool overflow = false;
  while (is_readable(watch.fd())) overflow |= watch.read().overflow;
  EXPECT_TRUE(overflow);
}

TEST_F(DirectoryWatchTest, ThrowsWithoutADirectory) {
  EXPECT_THROW(DirectoryWatch(base + "/none"), SysError);
  write_file_at(temp.fd(), "file", "x", 0644);
  EXPECT_THROW(DirectoryWatch(temp.path() + "/file"), SysError);
}

}  // namespace
}  // namespace ejf::spool
