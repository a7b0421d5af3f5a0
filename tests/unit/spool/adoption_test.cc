// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>

#include <memory>
#include <set>
#include <thread>

#include "base/error.h"
#include "base/file_lock.h"
#include "spool/instance.h"
#include "spool/request_queue.h"
#include "spool_fixture.h"

namespace ejf::spool {
namespace {

using namespace std::chrono_literals;

class AdoptionTest : public SpoolTest {
 protected:
  /// Claims all that waits and dies of kill -9; deliveries of names in `delivering` have begun by then.
  void die_with_claims(const std::string& host, const std::set<std::string>& delivering = {}) {
    int status = run_in_child([&] {
      RequestQueue queue(base, host);
      queue.scan();
      std::vector<Claim> held;
      while (auto claim = queue.take()) {
        if (delivering.contains(claim->packet_name()) && !claim->begin_delivery()) ::_exit(1);
        held.push_back(std::move(*claim));
      }
      die_as_by_kill_9();
    });
    ASSERT_TRUE(WIFSIGNALED(status));
  }
};

TEST_F(AdoptionTest, TakesOverAllOfADeadInstanceInItsState) {
  submit("G2");
  submit("G1");
  submit("01");
  die_with_claims(node_name(), {"G1"});
  EXPECT_EQ(claims().size(), 3U);
  RequestQueue queue(base);
  queue.scan();
  EXPECT_FALSE(queue.take());
  std::vector<Claim> adopted = queue.adopt();
  ASSERT_EQ(adopted.size(), 3U);
  EXPECT_EQ(adopted[0].packet_name(), "01");
  EXPECT_FALSE(adopted[0].is_delivering());
  EXPECT_EQ(adopted[1].packet_name(), "G1");
  EXPECT_TRUE(adopted[1].is_delivering());
  EXPECT_EQ(adopted[2].packet_name(), "G2");
  for (const ClaimName& name : claims()) EXPECT_EQ(name.instance, queue.instance());
  // The dead one's lock file is gone, ours is there.
  EXPECT_EQ(count(base + "/queue/out"), 4U);
  EXPECT_TRUE(queue.adopt().empty());
}

TEST_F(AdoptionTest, CountsTheCrashesOfThoseThatHadIt) {
  const auto crash_with_all = [&](const std::string& alone) {
    const int status = run_in_child([&] {
      RequestQueue queue(base);
      queue.scan();
      std::vector<Claim> held = queue.adopt();
      while (auto claim = queue.take()) held.push_back(std::move(*claim));
      queue.note_alone("another");
      queue.note_alone(alone);
      if (::pwrite(queue.crash_mark_fd(), k_crash_mark.data(), k_crash_mark.size(), 0) < 0) ::_exit(1);
      for (Claim& claim : held) claim.abandon();
      die_as_by_kill_9();
    });
    ASSERT_TRUE(WIFSIGNALED(status));
  };
  submit("P1");
  submit("P2");
  crash_with_all("");
  crash_with_all("");            // under suspicion they wait: this one cannot have been theirs
  die_with_claims(node_name());  // killed, which is no crash
  for (int i = 0; i < 4; ++i) crash_with_all("P2");
  RequestQueue queue(base);
  std::vector<Claim> adopted = queue.adopt();
  ASSERT_EQ(adopted.size(), 2U);
  EXPECT_EQ(adopted[0].crashes(), 1);
  EXPECT_EQ(adopted[1].crashes(), k_most_crashes);
  adopted[1].give_back();
  queue.scan();
  EXPECT_EQ(queue.take()->crashes(), 0);
}

TEST_F(AdoptionTest, LeavesTheLivingAlone) {
  submit("P");
  RequestQueue first(base);
  first.scan();
  auto claim = first.take();
  ASSERT_TRUE(claim);
  RequestQueue second(base);
  EXPECT_TRUE(second.adopt(0s).empty());
  EXPECT_TRUE(first.adopt(0s).empty());
  EXPECT_TRUE(FileLock::is_locked(open_directory(base + "/queue/out").get(), instance_file_name(first.instance())));
  EXPECT_TRUE(claim->begin_delivery());
}

TEST_F(AdoptionTest, LetsAClaimOutliveItsQueue) {
  submit("P");
  auto first = std::make_unique<RequestQueue>(base);
  first->scan();
  auto claim = first->take();
  ASSERT_TRUE(claim);
  first.reset();
  RequestQueue second(base);
  EXPECT_TRUE(second.adopt(0s).empty());
  EXPECT_EQ(claim->read(), "packet");
  claim.reset();
  second.scan();
  EXPECT_TRUE(second.take());
}

TEST_F(AdoptionTest, WaitsForOtherHostsUntilTheyAreSilent) {
  submit("P");
  die_with_claims("elsewhere");
  RequestQueue queue(base);
  EXPECT_TRUE(queue.adopt(1h).empty());
  EXPECT_EQ(count(base + "/queue/out"), 3U);
  std::vector<Claim> adopted = queue.adopt(0s);
  ASSERT_EQ(adopted.size(), 1U);
  EXPECT_EQ(adopted[0].packet_name(), "P");
  EXPECT_EQ(count(base + "/queue/out"), 2U);
}

TEST_F(AdoptionTest, BelievesTheRenewalOfAnotherHostsInstance) {
  submit("P");
  die_with_claims("elsewhere");
  const std::string out = base + "/queue/out/";
  const ClaimName name = claims().at(0);
  // A claim file's own time of change cannot be set back, so the silence is asked for against a renewal in the future.
  timespec times[2] = {{0, UTIME_OMIT}, {::time(nullptr) + 7200, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (out + instance_file_name(name.instance)).c_str(), times, 0), 0);
  RequestQueue queue(base);
  EXPECT_TRUE(queue.adopt(0s).empty());
  ASSERT_EQ(::unlink((out + instance_file_name(name.instance)).c_str()), 0);
  EXPECT_EQ(queue.adopt(0s).size(), 1U);
}

TEST_F(AdoptionTest, MakesTheLockFileAnewWhenSomebodyTidiedItAway) {
  submit("P");
  RequestQueue first(base);
  first.scan();
  auto claim = first.take();
  ASSERT_EQ(::unlink((base + "/queue/out/" + instance_file_name(first.instance())).c_str()), 0);
  first.renew();
  RequestQueue second(base);
  EXPECT_TRUE(second.adopt(0s).empty());
}

TEST_F(AdoptionTest, TakesUpItsOwnClaimsWithoutAnObject) {
  submit("P1");
  submit("P2");
  RequestQueue queue(base);
  queue.scan();
  {
    auto first = queue.take();
    ASSERT_TRUE(first && first->begin_delivery());  // left by its destructor
  }
  queue.take()->abandon();
  std::vector<Claim> adopted = queue.adopt();
  ASSERT_EQ(adopted.size(), 2U);
  EXPECT_TRUE(adopted[0].is_delivering());
  EXPECT_FALSE(adopted[1].is_delivering());
  EXPECT_TRUE(queue.adopt().empty());
}

TEST_F(AdoptionTest, TellsTheOldOwnerThatItsClaimIsLost) {
  submit("P");
  RequestQueue sleeper(base, "elsewhere");
  sleeper.scan();
  auto claim = sleeper.take();
  ASSERT_TRUE(claim);
  // Its lock is invisible, as over a network file system.
  ASSERT_EQ(::unlink((base + "/queue/out/" + instance_file_name(sleeper.instance())).c_str()), 0);
  RequestQueue queue(base);
  std::vector<Claim> adopted = queue.adopt(0s);
  ASSERT_EQ(adopted.size(), 1U);
  EXPECT_FALSE(claim->begin_delivery());
  EXPECT_FALSE(*claim);
  claim.reset();
  EXPECT_EQ(count(base + "/queue/dir"), 0U);
  EXPECT_TRUE(adopted[0].begin_delivery());
}

TEST_F(AdoptionTest, LeavesAndListsWhatIsNotOurs) {
  RequestQueue queue(base);
  UniqueFd out = open_directory(base + "/queue/out");
  const std::vector<std::string> foreign = {"1234_judge_GDC0", "ejf,c,host,short,P", "ejf.c.P"};
  for (const std::string& name : foreign) write_file_at(out.get(), name, "x", 0644);
  EXPECT_TRUE(queue.adopt(0s).empty());
  EXPECT_EQ(queue.foreign_entries(), foreign);
}

TEST_F(AdoptionTest, IsNotHeldUpByTrapsUnderItsNames) {
  RequestQueue queue(base);
  const std::string out = base + "/queue/out/";
  const std::string instance = node_name() + ",0123456789abcde";
  ASSERT_EQ(::mkfifo((out + instance_file_name(instance + "0")).c_str(), 0666), 0);
  ASSERT_EQ(::mkdir((out + instance_file_name(instance + "1")).c_str(), 0777), 0);
  ASSERT_EQ(::symlink("/etc/passwd", (out + instance_file_name(instance + "2")).c_str()), 0);
  for (const char* digit : {"0", "1", "2"}) {
    const std::string name = ClaimName{ClaimState::claimed, instance + digit, std::string{"P"} + digit}.text();
    write_file_at(open_directory(out).get(), name, "packet", 0644);
  }
  // Behind the link nothing can be asked: only silence tells.
  EXPECT_EQ(queue.adopt(1h).size(), 2U);
  EXPECT_EQ(queue.adopt(0s).size(), 1U);
}

TEST_F(AdoptionTest, GivesEachClaimToOneOfSeveralAdopters) {
  for (int i = 0; i < 300; ++i) submit("G" + std::to_string(i));
  die_with_claims(node_name());
  std::vector<std::vector<std::string>> got(3);
  std::vector<std::thread> adopters;
  std::vector<std::unique_ptr<RequestQueue>> queues;
  std::vector<std::vector<Claim>> held(3);
  for (int i = 0; i < 3; ++i) queues.push_back(std::make_unique<RequestQueue>(base));
  for (std::size_t i = 0; i < 3; ++i) {
    adopters.emplace_back([&, i] { held[i] = queues[i]->adopt(); });
  }
  for (std::thread& adopter : adopters) adopter.join();
  std::set<std::string> all;
  std::size_t total = 0;
  for (const auto& claims_of_one : held) {
    for (const Claim& claim : claims_of_one) all.insert(claim.packet_name());
    total += claims_of_one.size();
  }
  EXPECT_EQ(total, 300U);
  EXPECT_EQ(all.size(), 300U);
}

}  // namespace
}  // namespace ejf::spool
