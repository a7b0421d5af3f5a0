// SPDX-License-Identifier: Apache-2.0
#include "spool/request_queue.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <set>
#include <thread>

#include "base/error.h"
#include "spool/rejected.h"
#include "spool_fixture.h"

namespace ejf::spool {
namespace {

using RequestQueueTest = SpoolTest;

/// Takes all and leaves it claimed.
std::vector<std::string> take_all(RequestQueue& queue, std::vector<Claim>& held) {
  std::vector<std::string> order;
  while (auto claim = queue.take()) {
    order.push_back(claim->packet_name());
    held.push_back(std::move(*claim));
  }
  return order;
}

TEST_F(RequestQueueTest, ServesByPriorityThenNameWithQuitFirst) {
  // G is priority 0, as is every first character that is no base 32 digit; 0 is -16, V is 15.
  const std::vector<std::string> expected = {"QUIT", "0b", "9a", "A1", "Fz",       "F~",   "#x", "G1",
                                             "G2",   "W1", "a0", "z",  "\xc3\xa4", "H000", "R",  "V0"};
  for (const std::string& name : expected) submit(name);
  RequestQueue queue(base);
  queue.scan();
  EXPECT_EQ(queue.size(), expected.size());
  std::vector<Claim> held;
  EXPECT_EQ(take_all(queue, held), expected);
  EXPECT_EQ(count(base + "/queue/dir"), 0U);
}

TEST_F(RequestQueueTest, TakesWhatIsNotedAndForgetsWhatIsGone) {
  RequestQueue queue(base);
  submit("G2");
  submit("G1");
  queue.note("G2");
  queue.note("G1");
  queue.note("G1");
  queue.note("G0");
  auto claim = queue.take();
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->packet_name(), "G1");
  EXPECT_EQ(claim->read(), "packet");
  ASSERT_EQ(::unlink((base + "/queue/dir/G2").c_str()), 0);
  EXPECT_FALSE(queue.take());
}

TEST_F(RequestQueueTest, LeavesAPacketAloneThatItMayNotRead) {
  submit("G1");
  submit("G2");
  const std::string locked = base + "/queue/dir/G1";
  ASSERT_EQ(::chmod(locked.c_str(), 0), 0);
  const int status = run_in_child([&] {
    RequestQueue queue(base);
    // Root may read everything.
    if (::geteuid() == 0 && ::seteuid(65534) != 0) throw SysError("seteuid", "");
    for (int round = 0; round < 3; ++round) {
      queue.scan();
      const auto claim = queue.take();
      EJF_CHECK(claim && claim->packet_name() == "G2" && !queue.take());
      EJF_CHECK(queue.new_odd_entries().size() == (round == 0 ? 1U : 0U));
    }
    if (::geteuid() == 65534 && ::seteuid(0) != 0) throw SysError("seteuid", "");
    if (::chmod(locked.c_str(), 0644) != 0) throw SysError("chmod", locked);
    queue.scan();
    const auto claim = queue.take();
    EJF_CHECK(claim && claim->packet_name() == "G1");
  });
  EXPECT_EQ(status, 0);
}

TEST_F(RequestQueueTest, KeepsTheClaimUnderANameThatTellsTheInstance) {
  submit("P1");
  RequestQueue queue(base);
  queue.scan();
  auto claim = queue.take();
  ASSERT_TRUE(claim);
  ASSERT_EQ(claims().size(), 1U);
  EXPECT_EQ(claims()[0].packet, "P1");
  EXPECT_EQ(claims()[0].instance, queue.instance());
  EXPECT_EQ(claims()[0].state, ClaimState::claimed);
  EXPECT_EQ(claims()[0].host(), node_name());
  ASSERT_TRUE(claim->begin_delivery());
  ASSERT_EQ(claims().size(), 1U);
  EXPECT_EQ(claims()[0].state, ClaimState::delivering);
  EXPECT_TRUE(claim->finish(".c"));
  EXPECT_FALSE(*claim);
  EXPECT_TRUE(claims().empty());
  EXPECT_FALSE(exists(base + "/src/P1.c"));
}

TEST_F(RequestQueueTest, GivesBackWithTheClaimObjectButNotOnceDelivering) {
  submit("P1");
  submit("P2");
  RequestQueue queue(base);
  queue.scan();
  {
    auto first = queue.take();
    auto second = queue.take();
    ASSERT_TRUE(second && second->begin_delivery());
    EXPECT_EQ(count(base + "/queue/dir"), 0U);
  }
  EXPECT_EQ(names(base + "/queue/dir"), std::vector<std::string>{"P1"});
  ASSERT_EQ(claims().size(), 1U);
  EXPECT_EQ(claims()[0].packet, "P2");
  EXPECT_TRUE(exists(base + "/src/P1.c"));
}

TEST_F(RequestQueueTest, MovesClaimsWithTheirDuties) {
  submit("P1");
  submit("P2");
  RequestQueue queue(base);
  queue.scan();
  auto first = queue.take();
  auto second = queue.take();
  ASSERT_TRUE(first && second);
  *first = std::move(*second);
  EXPECT_FALSE(*second);
  EXPECT_EQ(first->packet_name(), "P2");
  EXPECT_EQ(names(base + "/queue/dir"), std::vector<std::string>{"P1"});
  first->give_back();
  EXPECT_EQ(count(base + "/queue/dir"), 2U);
}

TEST_F(RequestQueueTest, LetsOneServerHaveEachPacket) {
  constexpr int k_packets = 2000;
  SafeDirectory directory([&] {
    make_directory(base, 0775);
    return base + "/queue";
  }());
  for (int i = 0; i < k_packets; ++i) directory.write(fmt::format("G{:06}", i), "x");
  std::vector<std::vector<std::string>> taken(3);
  std::vector<std::thread> servers;
  for (auto& mine : taken) {
    servers.emplace_back([this, &mine] {
      RequestQueue queue(base);
      queue.scan();
      while (auto claim = queue.take()) {
        mine.push_back(claim->packet_name());
        claim->finish("");
      }
    });
  }
  for (std::thread& server : servers) server.join();
  std::set<std::string> all;
  std::size_t total = 0;
  for (const auto& mine : taken) {
    all.insert(mine.begin(), mine.end());
    total += mine.size();
  }
  EXPECT_EQ(all.size(), static_cast<std::size_t>(k_packets));
  EXPECT_EQ(total, static_cast<std::size_t>(k_packets));
  EXPECT_EQ(count(base + "/queue/out"), 0U);
}

TEST_F(RequestQueueTest, TakesNothingThatIsNoPacketAndTellsOnce) {
  RequestQueue queue(base);
  const std::string dir = base + "/queue/dir/";
  ASSERT_EQ(::mkdir((dir + "D").c_str(), 0700), 0);
  ASSERT_EQ(::symlink("/etc/passwd", (dir + "L").c_str()), 0);
  ASSERT_EQ(::mkfifo((dir + "F").c_str(), 0666), 0);
  write_file_at(open_directory(dir).get(), "a\nb", "x", 0644);
  write_file_at(open_directory(dir).get(), ".hidden", "x", 0644);
  write_file_at(temp.fd(), "outside", "x", 0644);
  queue.note("../outside");
  queue.note("x/../../../../outside");
  queue.note("");
  queue.scan();
  EXPECT_FALSE(queue.take());
  std::vector<OddEntry> odd = queue.odd_entries();
  ASSERT_EQ(odd.size(), 4U);
  EXPECT_EQ(odd[0].name, "D");
  EXPECT_EQ(odd[0].reason, "a directory");
  EXPECT_EQ(odd[1].name, "F");
  EXPECT_EQ(odd[2].name, "L");
  EXPECT_EQ(odd[2].reason, "a symbolic link");
  EXPECT_EQ(odd[3].name, "a\nb");
  EXPECT_EQ(queue.new_odd_entries().size(), 6U);  // the two that were only noted, too
  queue.scan();
  EXPECT_FALSE(queue.take());
  EXPECT_TRUE(queue.new_odd_entries().empty());
  EXPECT_EQ(queue.odd_entries().size(), 4U);
  EXPECT_EQ(count(dir), 5U);
}

TEST_F(RequestQueueTest, TakesAPacketThatReplacedSomethingOdd) {
  RequestQueue queue(base);
  ASSERT_EQ(::mkdir((base + "/queue/dir/G1").c_str(), 0700), 0);
  queue.scan();
  EXPECT_FALSE(queue.take());
  ASSERT_EQ(::rmdir((base + "/queue/dir/G1").c_str()), 0);
  submit("G1");
  queue.scan();
  EXPECT_TRUE(queue.take());
  EXPECT_TRUE(queue.odd_entries().empty());
}

TEST_F(RequestQueueTest, SetsNamesAsideThatAreTooLongToClaim) {
  RequestQueue queue(base);
  const std::string fits(k_max_packet_name, 'G');
  const std::string longest(255, 'G');
  // As long as this, a name does not even pass through `in`: written to `dir` directly.
  for (const std::string& name : {fits, fits + "G", longest}) {
    write_file_at(open_directory(base + "/queue/dir").get(), name, name, 0644);
  }
  queue.scan();
  auto claim = queue.take();
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->packet_name(), fits);
  EXPECT_EQ(claim->read(), fits);
  EXPECT_FALSE(queue.take());
  EXPECT_EQ(count(base + "/queue/dir"), 0U);
  auto rejected = Rejected(base).list();
  ASSERT_EQ(rejected.size(), 2U);
  std::set<std::string> kept = {rejected[0].rejection.packet_name, rejected[1].rejection.packet_name};
  EXPECT_EQ(kept, (std::set<std::string>{fits + "G", longest}));
  EXPECT_NE(rejected[0].rejection.reason.find("too long"), std::string::npos);
  EXPECT_EQ(queue.new_odd_entries().size(), 2U);
}

TEST_F(RequestQueueTest, ReadsOneByteMoreThanAPacketMayHave) {
  submit("G1", std::string(k_max_packet_size, 'x'));
  submit("G2", std::string(k_max_packet_size + 1000, 'x'));
  submit("G3", "");
  RequestQueue queue(base);
  queue.scan();
  EXPECT_EQ(queue.take()->read().size(), k_max_packet_size);
  EXPECT_EQ(queue.take()->read().size(), k_max_packet_size + 1);
  EXPECT_EQ(queue.take()->read(), "");
}

TEST_F(RequestQueueTest, OpensTheSourceOnlyAsAPlainRegularFile) {
  submit("P", "packet", ".c", "source text");
  const std::string src = base + "/src/";
  ASSERT_EQ(::symlink("/etc/passwd", (src + "P.link").c_str()), 0);
  ASSERT_EQ(::mkfifo((src + "P.fifo").c_str(), 0666), 0);
  ASSERT_EQ(::mkdir((src + "P.dir").c_str(), 0700), 0);
  RequestQueue queue(base);
  queue.scan();
  auto claim = queue.take();
  ASSERT_TRUE(claim);
  auto fd = claim->open_source(".c");
  ASSERT_TRUE(fd);
  EXPECT_EQ(read_all(fd->get(), 100, "source"), "source text");
  EXPECT_TRUE(exists(src + "P.c"));
  EXPECT_FALSE(claim->open_source(".none"));
  EXPECT_FALSE(claim->open_source(std::string(127, 'x')));
  EXPECT_THROW(claim->open_source(".link"), SysError);
  EXPECT_THROW(claim->open_source(".fifo"), Error);
  EXPECT_THROW(claim->open_source(".dir"), Error);
  EXPECT_THROW(claim->open_source("/../../x"), Error);
  EXPECT_THROW(claim->open_source("../x"), Error);
  EXPECT_THROW(claim->open_source("a\nb"), Error);
}

TEST_F(RequestQueueTest, FinishesWithABadSuffixOrASourceThatCannotGo) {
  submit("P1");
  submit("P2");
  RequestQueue queue(base);
  queue.scan();
  auto first = queue.take();
  ASSERT_TRUE(first && first->begin_delivery());
  EXPECT_TRUE(first->finish("/../../src/P2.c"));
  EXPECT_TRUE(exists(base + "/src/P2.c"));
  ASSERT_EQ(::mkdir((base + "/src/P2.d").c_str(), 0700), 0);
  auto second = queue.take();
  ASSERT_TRUE(second && second->begin_delivery());
  EXPECT_FALSE(second->finish(".d"));
  EXPECT_TRUE(claims().empty());
}

TEST_F(RequestQueueTest, LetsANamesakeWaitWhileThePacketIsWorkedOn) {
  submit("P", "old");
  RequestQueue queue(base);
  queue.scan();
  auto claim = queue.take();
  ASSERT_TRUE(claim);
  submit("P", "new");
  queue.scan();
  EXPECT_FALSE(queue.take());
  EXPECT_EQ(claim->read(), "old");
  claim->give_back();
  queue.scan();
  auto again = queue.take();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->read(), "new");
  EXPECT_EQ(count(base + "/queue/dir"), 0U);
}

TEST_F(RequestQueueTest, KeepsThePacketWaitingWhenClaimingFails) {
  submit("G1");
  RequestQueue queue(base);
  queue.scan();
  // A directory cannot be replaced by a file: stands for a file system that refuses.
  const std::string obstacle = base + "/queue/out/" + ClaimName{ClaimState::claimed, queue.instance(), "G1"}.text();
  ASSERT_EQ(::mkdir(obstacle.c_str(), 0700), 0);
  EXPECT_THROW(queue.take(), SysError);
  EXPECT_EQ(queue.size(), 1U);
  ASSERT_EQ(::rmdir(obstacle.c_str()), 0);
  EXPECT_TRUE(queue.take());
}

TEST_F(RequestQueueTest, KnowsWhenItsDirectoryWasReplaced) {
  RequestQueue queue(base);
  EXPECT_TRUE(queue.is_current());
  ASSERT_EQ(::rename((base + "/queue/dir").c_str(), (base + "/queue/old").c_str()), 0);
  EXPECT_FALSE(queue.is_current());
  ASSERT_EQ(::mkdir((base + "/queue/dir").c_str(), 0777), 0);
  EXPECT_FALSE(queue.is_current());
  RequestQueue fresh(base);
  EXPECT_TRUE(fresh.is_current());
}

/// Takes and finishes `takes` packets, which must come in order; processor time of it.
double seconds_to_take(RequestQueue& queue, int takes) {
  const std::clock_t start = std::clock();
  std::string last;
  for (int i = 0; i < takes; ++i) {
    auto claim = queue.take();
    if (!claim || claim->packet_name() < last) {
      ADD_FAILURE() << "take " << i << " after " << last;
      break;
    }
    last = claim->packet_name();
    claim->finish("");
  }
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

TEST_F(RequestQueueTest, TakesFiftyThousandInOrderAtTheCostOfTen) {
  RequestQueue queue(base);
  UniqueFd dir = open_directory(base + "/queue/dir");
  constexpr int k_many = 50000;
  constexpr int k_few = 10;
  constexpr int k_rounds = 500;
  // 7919 is prime to both numbers, so that the order of making is not that of taking.
  auto fill = [&](int n) {
    for (int i = 0; i < n; ++i) open_at(dir.get(), fmt::format("G{:08}", i * 7919LL % n), O_WRONLY | O_CREAT, 0644);
    queue.scan();
  };
  fill(k_many);
  EXPECT_EQ(queue.size(), static_cast<std::size_t>(k_many));
  const double with_many = seconds_to_take(queue, k_many) / k_many;
  EXPECT_FALSE(queue.take());
  EXPECT_EQ(count(base + "/queue/dir"), 0U);
  double with_few = 0;
  for (int round = 0; round < k_rounds; ++round) {
    fill(k_few);
    with_few += seconds_to_take(queue, k_few) / k_few / k_rounds;
  }
  std::printf("processor time of a take: %.1f us of 50000, %.1f us of 10, ratio %.2f\n", with_many * 1e6,
              with_few * 1e6, with_many / with_few);
}

}  // namespace
}  // namespace ejf::spool
