// SPDX-License-Identifier: Apache-2.0
// A server is killed at each transition of a request's way; the next one finds one claim in the right state, and the
// request ends with one reply.
#include <gtest/gtest.h>

#include <ostream>

#include "base/error.h"
#include "spool/reply_side.h"
#include "spool/request_queue.h"
#include "spool_fixture.h"

namespace ejf::spool {
namespace {

enum class Step { claimed, reported, staged, delivering, published, settled, source_gone, finished };

struct Expected {
  Step killed_after;
  std::size_t claims;
  bool is_delivering;
  bool is_staged;
  bool is_published;
  bool has_source;
};

/// Without it GoogleTest prints the bytes of the object, those between its members too, which nobody set.
void PrintTo(const Expected& expected, std::ostream* out) {
  *out << "killed after step " << static_cast<int>(expected.killed_after);
}

class CrashTest : public SpoolTest, public ::testing::WithParamInterface<Expected> {
 protected:
  void serve_until(Step last) {
    RequestQueue queue(base);
    ReplySide reply(reply_base);
    queue.scan();
    auto claim = queue.take();
    if (!claim) ::_exit(1);
    if (last == Step::claimed) die_as_by_kill_9();
    reply.put_report("run.txt", "log of the first", 0644);
    if (last == Step::reported) die_as_by_kill_9();
    reply.stage_reply("P", "reply of the first");
    if (last == Step::staged) die_as_by_kill_9();
    if (!claim->begin_delivery()) ::_exit(1);
    if (last == Step::delivering) die_as_by_kill_9();
    if (!reply.publish_reply("P", "run")) ::_exit(1);
    if (last == Step::published) die_as_by_kill_9();
    if (last == Step::settled || last == Step::source_gone) {
      // Between the steps of finish().
      enter(ClaimState::settled);
      if (last == Step::source_gone) ::unlink((base + "/src/P.c").c_str());
      die_as_by_kill_9();
    }
    claim->finish(".c");
    die_as_by_kill_9();
  }

  void rename_claim(const ClaimName& from, const ClaimName& to) const {
    const std::string out = base + "/queue/out/";
    if (::rename((out + from.text()).c_str(), (out + to.text()).c_str()) != 0) throw SysError("rename", from.text());
  }

  void enter(ClaimState state) const {
    const ClaimName claim = claims().at(0);
    rename_claim(claim, {state, claim.instance, claim.packet});
  }

  /// As if the machine had started since.
  void boot_again() const {
    for (const ClaimName& claim : claims()) {
      std::string instance = claim.instance;
      char& digit = instance.at(instance.find(',') + 1);
      digit = digit == '0' ? '1' : '0';
      rename_claim(claim, {claim.state, instance, claim.packet});
    }
  }

  /// What a server does with an adopted claim; the packet's bytes are all that it knows.
  static void go_on(Claim& claim, ReplySide& reply) {
    EXPECT_EQ(claim.read(), "packet");
    if (!claim.is_delivering()) {
      EXPECT_TRUE(claim.open_source(".c"));
      reply.put_report("run.txt", "log of the second", 0644);
      reply.stage_reply(claim.packet_name(), "reply of the second");
      ASSERT_TRUE(claim.begin_delivery());
    }
    reply.publish_reply(claim.packet_name(), "run");
    claim.finish(".c");
  }
};

TEST_P(CrashTest, LosesNothingAndAnswersOnce) {
  const Expected& expected = GetParam();
  submit("P");
  ASSERT_TRUE(WIFSIGNALED(run_in_child([&] { serve_until(expected.killed_after); })));

  RequestQueue queue(base);
  ReplySide reply(reply_base);
  queue.scan();
  EXPECT_FALSE(queue.take());
  std::vector<Claim> adopted = queue.adopt();
  ASSERT_EQ(adopted.size(), expected.claims);
  EXPECT_EQ(reply.has_staged("P"), expected.is_staged);
  EXPECT_EQ(exists(reply_base + "/status/dir/run"), expected.is_published);
  EXPECT_EQ(exists(base + "/src/P.c"), expected.has_source);
  // ej-contests may have read the reply by now: it must not appear a second time.
  std::size_t replies = 0;
  if (expected.is_published) replies += ::unlink((reply_base + "/status/dir/run").c_str()) == 0 ? 1U : 0U;
  for (Claim& claim : adopted) {
    EXPECT_EQ(claim.packet_name(), "P");
    EXPECT_EQ(claim.is_delivering(), expected.is_delivering);
    go_on(claim, reply);
  }
  replies += count(reply_base + "/status/dir");
  EXPECT_EQ(replies, 1U);
  if (!expected.is_published) {
    const char* who = expected.is_delivering ? "reply of the first" : "reply of the second";
    EXPECT_EQ(read_file(reply_base + "/status/dir/run", 100), who);
  }
  EXPECT_EQ(count(reply_base + "/status/in"), 0U);
  EXPECT_EQ(count(base + "/src"), 0U);
  EXPECT_TRUE(claims().empty());
  EXPECT_EQ(count(base + "/queue/out"), 1U);  // the living one's lock file
}

TEST_P(CrashTest, OfTheMachineLosesNothingEither) {
  const Step last = GetParam().killed_after;
  submit("P");
  ASSERT_TRUE(WIFSIGNALED(run_in_child([&] { serve_until(last); })));
  boot_again();
  // Nothing that was not waited for need have reached the disk.
  const bool is_on_disk = last >= Step::settled;
  if (!is_on_disk) ::unlink((reply_base + "/status/dir/run").c_str());

  RequestQueue queue(base);
  ReplySide reply(reply_base);
  for (Claim& claim : queue.adopt()) {
    EXPECT_EQ(claim.is_delivering(), is_on_disk);
    go_on(claim, reply);
  }
  const char* who = is_on_disk ? "reply of the first" : "reply of the second";
  EXPECT_EQ(read_file(reply_base + "/status/dir/run", 100), who);
  EXPECT_EQ(count(reply_base + "/status/dir"), 1U);
  EXPECT_EQ(count(base + "/src"), 0U);
  EXPECT_TRUE(claims().empty());
}

INSTANTIATE_TEST_SUITE_P(EveryTransition, CrashTest,
                         ::testing::Values(Expected{Step::claimed, 1, false, false, false, true},
                                           Expected{Step::reported, 1, false, false, false, true},
                                           Expected{Step::staged, 1, false, true, false, true},
                                           Expected{Step::delivering, 1, true, true, false, true},
                                           Expected{Step::published, 1, true, false, true, true},
                                           Expected{Step::settled, 1, true, false, true, true},
                                           Expected{Step::source_gone, 1, true, false, true, false},
                                           Expected{Step::finished, 0, true, false, true, false}));

}  // namespace
}  // namespace ejf::spool
