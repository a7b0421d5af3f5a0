// SPDX-License-Identifier: Apache-2.0
#include "spool/rejected.h"

#include "base/error.h"
#include "spool_fixture.h"

namespace ejf::spool {
namespace {

class RejectedTest : public SpoolTest {
 protected:
  void reject(const std::string& name, const std::string& reason, const std::string& suffix = ".c") {
    queue.scan();
    while (auto claim = queue.take()) {
      if (claim->packet_name() == name) return claim->reject(reason, suffix);
    }
    FAIL() << name;
  }

  RequestQueue queue{base};
  Rejected rejected{base};
};

TEST_F(RejectedTest, IsEmptyAndMakesNothingByLooking) {
  EXPECT_TRUE(rejected.list().empty());
  EXPECT_FALSE(rejected.find("P"));
  EXPECT_FALSE(rejected.drop("P"));
  EXPECT_FALSE(exists(base + "/queue/rejected"));
}

TEST_F(RejectedTest, KeepsPacketSourceAndReason) {
  submit("P", "bad packet", ".c", "source");
  reject("P", "cannot be decoded:\nlength is wrong");
  EXPECT_TRUE(claims().empty());
  EXPECT_EQ(count(base + "/src"), 0U);
  EXPECT_EQ(mode_of(base + "/queue/rejected"), 0770U);
  auto entries = rejected.list();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].id, "P");
  EXPECT_EQ(entries[0].rejection.packet_name, "P");
  EXPECT_EQ(entries[0].rejection.suffix, ".c");
  EXPECT_EQ(entries[0].rejection.reason, "cannot be decoded:\nlength is wrong");
  EXPECT_EQ(entries[0].packet_size, 10U);
  EXPECT_EQ(entries[0].time.size(), 20U);
  EXPECT_TRUE(entries[0].has_source);
  EXPECT_TRUE(exists(base + "/queue/rejected/P.why"));
  EXPECT_EQ(rejected.read_packet("P", 100), "bad packet");
  EXPECT_THROW(rejected.read_packet("Q", 100), Error);
}

TEST_F(RejectedTest, RetriesWithTheSourceInItsPlace) {
  submit("P");
  reject("P", "why");
  EXPECT_TRUE(rejected.retry("P"));
  EXPECT_EQ(count(base + "/queue/rejected"), 0U);
  EXPECT_FALSE(rejected.retry("P"));
  queue.scan();
  auto claim = queue.take();
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->read(), "packet");
  EXPECT_TRUE(claim->open_source(".c"));
}

TEST_F(RejectedTest, DoesNotRetryOverAWaitingPacket) {
  submit("P", "old");
  reject("P", "why");
  submit("P", "new", ".c", "new source");
  EXPECT_THROW(rejected.retry("P"), Error);
  EXPECT_EQ(rejected.read_packet("P", 100), "old");
  EXPECT_EQ(read_file(base + "/src/P.c", 100), "new source");
}

TEST_F(RejectedTest, KeepsNamesakesApart) {
  submit("P", "first");
  reject("P", "one");
  submit("P", "second");
  reject("P", "two");
  auto entries = rejected.list();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].id, "P");
  EXPECT_EQ(entries[1].rejection.packet_name, "P");
  EXPECT_EQ(rejected.read_packet(entries[1].id, 100), "second");
  EXPECT_TRUE(rejected.drop("P"));
  EXPECT_EQ(rejected.list().size(), 1U);
  EXPECT_EQ(count(base + "/queue/rejected"), 3U);
}

TEST_F(RejectedTest, DoesNotTakeAPacketForAReason) {
  submit("P", "one");
  submit("P.why", "two");
  submit("P.src", "three");
  for (const char* name : {"P", "P.why", "P.src"}) reject(name, name);
  auto entries = rejected.list();
  ASSERT_EQ(entries.size(), 3U);
  for (const RejectedEntry& entry : entries) {
    EXPECT_EQ(entry.rejection.packet_name, entry.rejection.reason);
    EXPECT_TRUE(entry.has_source);
    EXPECT_TRUE(rejected.retry(entry.id));
  }
  EXPECT_EQ(count(base + "/queue/dir"), 3U);
  EXPECT_EQ(count(base + "/src"), 3U);
}

TEST_F(RejectedTest, GoesOnAfterACrashInTheMiddle) {
  submit("P");
  queue.scan();
  auto claim = queue.take();
  ASSERT_TRUE(claim);
  // As after a crash before the packet moved: reason written, source moved.
  ASSERT_EQ(::mkdir((base + "/queue/rejected").c_str(), 0770), 0);
  write_file_at(open_directory(base + "/queue/rejected").get(), "P.why", "half", 0640);
  ASSERT_EQ(::rename((base + "/src/P.c").c_str(), (base + "/queue/rejected/P.src").c_str()), 0);
  EXPECT_TRUE(rejected.list().empty());
  claim->reject("whole", ".c");
  ASSERT_EQ(rejected.list().size(), 1U);
  EXPECT_EQ(rejected.list()[0].rejection.reason, "whole");
  EXPECT_TRUE(rejected.list()[0].has_source);
}

TEST_F(RejectedTest, LeavesOtherFilesAloneWhenTheSuffixIsHostile) {
  submit("P");
  write_file_at(temp.fd(), "victim", "x", 0644);
  reject("P", "bad suffix", "/../../../victim");
  EXPECT_TRUE(exists(temp.path() + "/victim"));
  EXPECT_EQ(rejected.list().at(0).rejection.suffix, "");
}

TEST_F(RejectedTest, ShowsAReasonThatWasEditedByHand) {
  submit("P");
  reject("P", "why");
  write_file_at(open_directory(base + "/queue/rejected").get(), "P.why", "my notes", 0640);
  EXPECT_EQ(rejected.find("P")->rejection.reason, "my notes");
  EXPECT_THROW(rejected.retry("P"), Error);
  EXPECT_FALSE(rejected.find("../queue/rejected/P"));
  EXPECT_TRUE(rejected.drop("P"));
}

TEST_F(RejectedTest, KeepsTheClaimWhenKeepingFails) {
  submit("P");
  write_file_at(open_directory(base + "/queue").get(), "rejected", "a file in the way", 0644);
  queue.scan();
  auto claim = queue.take();
  ASSERT_TRUE(claim);
  EXPECT_THROW(claim->reject("why", ".c"), SysError);
  ASSERT_TRUE(*claim);
  EXPECT_EQ(claims().size(), 1U);
  EXPECT_EQ(claim->read(), "packet");
}

TEST_F(RejectedTest, CarriesTheSourceToAnotherFileSystem) {
  // src may be a link to another disk, where a rename does not lead.
  TempDir other(exists("/dev/shm") ? "/dev/shm" : "/tmp", "ejf-test-");
  ASSERT_EQ(::rmdir((base + "/src").c_str()), 0);
  ASSERT_EQ(::symlink(other.path().c_str(), (base + "/src").c_str()), 0);
  RequestQueue linked(base);
  submit("P", "packet", ".c", "source");
  linked.scan();
  linked.take()->reject("why", ".c");
  EXPECT_EQ(count(other.path()), 0U);
  EXPECT_EQ(read_file(base + "/queue/rejected/P.src", 100), "source");
  EXPECT_EQ(mode_of(base + "/queue/rejected/P.src"), 0644U);
  EXPECT_TRUE(Rejected(base).retry("P"));
  EXPECT_EQ(read_file(base + "/src/P.c", 100), "source");
  EXPECT_EQ(count(base + "/queue/rejected"), 0U);
}

TEST_F(RejectedTest, DropsEvenADirectoryThatWasSwappedIn) {
  submit("P");
  queue.scan();
  auto claim = queue.take();
  ASSERT_TRUE(claim);
  const std::string file = base + "/queue/out/" + claims().at(0).text();
  ASSERT_EQ(::unlink(file.c_str()), 0);
  ASSERT_EQ(::mkdir(file.c_str(), 0700), 0);
  EXPECT_THROW(claim->read(), Error);
  claim->reject("no packet", ".c");
  EXPECT_TRUE(rejected.drop("P"));
  EXPECT_EQ(count(base + "/queue/rejected"), 0U);
}

TEST_F(RejectedTest, LeavesTheSourceToWhoeverHasTheClaim) {
  submit("P");
  queue.scan();
  auto claim = queue.take();
  ASSERT_TRUE(claim);
  ASSERT_EQ(::rename((base + "/queue/out/" + claims().at(0).text()).c_str(),
                     (base + "/queue/out/ejf,c,elsewhere,0123456789abcdef,P").c_str()),
            0);
  claim->reject("why", ".c");
  EXPECT_FALSE(*claim);
  EXPECT_TRUE(exists(base + "/src/P.c"));
  EXPECT_TRUE(rejected.list().empty());
}

}  // namespace
}  // namespace ejf::spool
