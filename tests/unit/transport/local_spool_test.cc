// SPDX-License-Identifier: Apache-2.0
#include "transport/local_spool.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "base/temp_dir.h"
#include "packet/compile_reply.h"
#include "packet/names.h"
#include "spool/safe_directory.h"

namespace ejf::transport {
namespace {

class LocalSpoolTest : public testing::Test {
 protected:
  SpoolPlace place() const {
    SpoolPlace place;
    place.spool_dir = temp_.path();
    place.queue_id = "queue1";
    return place;
  }

  packet::CompileRequest queue_request(std::int32_t version = 18) {
    packet::CompileRequest request;
    request.version = version;
    request.contest_id = 7;
    request.run_id = 12;
    request.judge_uuid = version >= 11 ? Uuid::random() : Uuid{};
    request.uuid = Uuid::random();
    request.src_sfx = ".c";
    if (version >= 7) request.contest_server_id = "contests";
    const std::string name = packet::packet_name(0, 1'700'000'000 + serial_++, 0, request.uuid);
    UniqueFd src = open_directory(place().base() + "/src");
    write_file_at(src.get(), name + ".c", "int main(){}", 0644);
    spool::SafeDirectory(place().base() + "/queue").write(name, packet::encode_request(request).value());
    return request;
  }

  Delivery delivery_of(const packet::CompileRequest& request) const {
    Delivery delivery;
    packet::CompileReply reply = packet::make_reply(request);
    reply.status = packet::RunStatus::compile_error;
    delivery.reply = packet::encode_reply(reply, request.version).value();
    delivery.log = "a.c:1: error\n";
    delivery.log_as_executable = true;
    delivery.exe_sfx = ".exe";
    return delivery;
  }

  std::optional<std::string> content(const std::string& path) const {
    return try_read_regular_at(temp_.fd(), path, 1 << 20);
  }

  /// Nothing of a settled request may be left on the request side.
  void expect_no_request_left() const {
    for (const char* part : {"queue1/queue/dir", "queue1/queue/in", "queue1/src"}) {
      EXPECT_TRUE(list_directory(open_directory_at(temp_.fd(), part).get()).empty()) << part;
    }
    for (const auto& name : list_directory(open_directory_at(temp_.fd(), "queue1/queue/out").get())) {
      EXPECT_EQ(name[0], '.') << name;  // lock files of instances only
    }
  }

  TempDir temp_{"/tmp", "ejf-test-"};
  int serial_ = 0;
};

TEST_F(LocalSpoolTest, DeliversReportsAndReplyAndKeepsTheClaim) {
  LocalSpool spool(place());
  auto request = queue_request();
  spool.queue().scan();
  auto claim = spool.queue().take();
  ASSERT_TRUE(claim);
  const Delivery delivery = delivery_of(request);
  LocalSpool::put_reports(*spool.reply_side(request), request, delivery);
  spool.publish(*claim, request, delivery);
  EXPECT_TRUE(claim->is_delivering());
  EXPECT_EQ(list_directory(open_directory(temp_.path() + "/queue1/src").get()).size(), 1U);
  claim->finish(request.src_sfx);

  const std::string name = packet::run_name(request);
  EXPECT_EQ(content("contests/report/" + name + ".txt"), delivery.log);
  EXPECT_EQ(content("contests/report/" + name + ".exe"), delivery.log);
  EXPECT_EQ(content("contests/status/dir/" + name), delivery.reply);
  expect_no_request_left();
}

TEST_F(LocalSpoolTest, AnswersOldVersionsBelowTheContest) {
  LocalSpool spool(place());
  for (std::int32_t version : {6, 8, 13, 14}) {
    auto request = queue_request(version);
    spool.queue().scan();
    auto claim = spool.queue().take();
    ASSERT_TRUE(claim) << version;
    const Delivery delivery = delivery_of(request);
    LocalSpool::put_reports(*spool.reply_side(request), request, delivery);
    spool.publish(*claim, request, delivery);
    claim->finish(request.src_sfx);
    const std::string server = version >= 7 ? "contests" : "queue1";
    const std::string base = version >= 14 ? server : server + "/000007";
    EXPECT_EQ(content(base + "/status/dir/" + packet::run_name(request)), delivery.reply) << version;
  }
  expect_no_request_left();
}

TEST_F(LocalSpoolTest, PublishesAnAdoptedReplyOnceOnly) {
  LocalSpool spool(place());
  auto request = queue_request();
  spool.queue().scan();
  auto claim = spool.queue().take();
  ASSERT_TRUE(claim);
  auto side = spool.reply_side(request);
  side->stage_reply(claim->packet_name(), "reply");
  ASSERT_TRUE(claim->begin_delivery());
  const std::string in_dir = "contests/status/dir/" + packet::run_name(request);

  spool.finish_delivery(*claim, request);
  claim->finish(request.src_sfx);
  EXPECT_EQ(content(in_dir), "reply");
  expect_no_request_left();
}

TEST_F(LocalSpoolTest, DoesNotRepeatAReplyThatWasTakenBeforeTheClaimWasReleased) {
  LocalSpool spool(place());
  auto request = queue_request();
  spool.queue().scan();
  auto claim = spool.queue().take();
  ASSERT_TRUE(claim);
  auto side = spool.reply_side(request);
  const std::string name = packet::run_name(request);
  side->stage_reply(claim->packet_name(), "reply");
  ASSERT_TRUE(claim->begin_delivery());
  ASSERT_TRUE(side->publish_reply(claim->packet_name(), name));
  ASSERT_TRUE(try_unlink_at(temp_.fd(), "contests/status/dir/" + name));  // as ej-contests does at once

  spool.publish(*claim, request, delivery_of(request));
  claim->finish(request.src_sfx);
  EXPECT_FALSE(content("contests/status/dir/" + name));
  expect_no_request_left();
}

TEST_F(LocalSpoolTest, NamesWhatCannotBeAnsweredSafely) {
  packet::CompileRequest request;
  EXPECT_EQ(LocalSpool::why_undeliverable(request), "");
  for (const char* bad : {"..", "a/b", ".hidden", "a\nb"}) {
    request.contest_server_id = bad;
    EXPECT_NE(LocalSpool::why_undeliverable(request), "") << bad;
  }
  request.contest_server_id = "vm";
  request.src_sfx = "/../x";
  EXPECT_NE(LocalSpool::why_undeliverable(request), "");
}

TEST_F(LocalSpoolTest, FindsTheSourceOfAPacketThatDoesNotDecode) {
  LocalSpool spool(place());
  queue_request();
  spool.queue().scan();
  auto claim = spool.queue().take();
  ASSERT_TRUE(claim);
  EXPECT_EQ(spool.find_source_suffix(claim->packet_name()), ".c");
  EXPECT_EQ(spool.find_source_suffix("other"), "");
}

TEST_F(LocalSpoolTest, TakesNoOtherPacketsSourceForTheOneThatIsLookedFor) {
  LocalSpool spool(place());
  UniqueFd src = open_directory(place().base() + "/src");
  write_file_at(src.get(), "G12345.c", "of a packet with a longer name", 0644);
  EXPECT_EQ(spool.find_source_suffix("G123"), "");
}

TEST_F(LocalSpoolTest, FollowsADirectoryThatWasReplaced) {
  LocalSpool spool(place());
  EXPECT_FALSE(spool.follow());
  rename_at(temp_.fd(), "queue1", temp_.fd(), "old");
  EXPECT_TRUE(spool.follow());
  EXPECT_FALSE(spool.follow());
  queue_request();
  spool.queue().scan();
  EXPECT_TRUE(spool.queue().take());
}

TEST_F(LocalSpoolTest, ExportsTheConfigurationAgainWhenItWasRemoved) {
  LocalSpool spool(place());
  spool.restore_export();
  EXPECT_FALSE(content("queue1/config/dir/compile.cfg"));
  spool.export_configuration("languages\n");
  EXPECT_EQ(content("queue1/config/dir/compile.cfg"), "languages\n");
  rename_at(temp_.fd(), "queue1", temp_.fd(), "old");
  EXPECT_TRUE(spool.follow());
  spool.restore_export();
  EXPECT_EQ(content("queue1/config/dir/compile.cfg"), "languages\n");
}

TEST_F(LocalSpoolTest, HasNoHeartbeatsInTheLegacyLayout) {
  EXPECT_EQ(LocalSpool(place()).heartbeat_directory(), place().base() + "/heartbeat");
  SpoolPlace legacy;
  legacy.legacy_compile_dir = temp_.path() + "/compile";
  EXPECT_EQ(LocalSpool(legacy).heartbeat_directory(), "");
}

TEST_F(LocalSpoolTest, RefusesAQueueIdThatIsAPath) {
  SpoolPlace bad = place();
  bad.queue_id = "../x";
  EXPECT_THROW(LocalSpool{bad}, Error);
}

}  // namespace
}  // namespace ejf::transport
