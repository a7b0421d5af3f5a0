// SPDX-License-Identifier: Apache-2.0
#include "jail/wire.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"

namespace ejf::jail {
namespace {

RunSpec sample() {
  RunSpec spec;
  spec.argv = {"./compile", "a b", ""};
  spec.env = {"X=1", "Y="};
  spec.directory = "build";
  spec.standard_input = make_memory_file("in", "input");
  spec.network = true;
  spec.limits.cpu_time = std::chrono::milliseconds(1234);
  spec.limits.idle_time = std::chrono::milliseconds(2345);
  spec.limits.memory = std::uint64_t{1} << 40;
  spec.visible.push_back({"/x", make_memory_file("visible", "shown")});
  spec.outputs = {{"a.out", 7}, {"log", 0}};
  return spec;
}

Message pass(const Encoder& message) {
  auto [left, right] = make_socket_pair(SOCK_SEQPACKET);
  EXPECT_TRUE(send_message(left.get(), message.data(), message.fds(), 0));
  Message out;
  EXPECT_EQ(receive_message(right.get(), out, MSG_DONTWAIT), Received::message);
  return out;
}

TEST(Wire, RunSpecArrivesWithItsDescriptors) {
  RunSpec sent = sample();
  Encoder message(Kind::run);
  message(sent);
  Decoder in(pass(message));
  EXPECT_EQ(in.take<Kind>(), Kind::run);
  auto got = in.take<RunSpec>();
  EXPECT_EQ(got.argv, sent.argv);
  EXPECT_EQ(got.env, sent.env);
  EXPECT_EQ(got.directory, "build");
  EXPECT_TRUE(got.network);
  EXPECT_FALSE(got.discard_output);
  EXPECT_EQ(got.limits.cpu_time, sent.limits.cpu_time);
  EXPECT_EQ(got.limits.idle_time, sent.limits.idle_time);
  EXPECT_EQ(got.limits.memory, sent.limits.memory);
  EXPECT_EQ(got.limits.log_stored, sent.limits.log_stored);
  EXPECT_EQ(read_all(got.standard_input.get(), 100, "input"), "input");
  ASSERT_EQ(got.visible.size(), 1U);
  EXPECT_EQ(got.visible[0].path, "/x");
  EXPECT_EQ(read_all(got.visible[0].fd.get(), 100, "visible"), "shown");
  ASSERT_EQ(got.outputs.size(), 2U);
  EXPECT_EQ(got.outputs[0].name, "a.out");
  EXPECT_EQ(got.outputs[0].size_limit, 7U);
}

TEST(Wire, ReportArrivesWhole) {
  RunReport sent;
  sent.verdict = Verdict::signaled;
  sent.signal = 11;
  sent.reason = "why";
  sent.cpu_time = std::chrono::microseconds(17);
  sent.box_was_full = true;
  sent.log = {"head", "tail", 99};
  sent.outputs.push_back({"b", FileState::too_large, 5, true, {}});
  Encoder message(Kind::report);
  message(sent);
  Decoder in(pass(message));
  in.take<Kind>();
  auto got = in.take<RunReport>();
  EXPECT_EQ(got.verdict, Verdict::signaled);
  EXPECT_EQ(got.signal, 11);
  EXPECT_EQ(got.reason, "why");
  EXPECT_EQ(got.cpu_time, sent.cpu_time);
  EXPECT_TRUE(got.box_was_full);
  EXPECT_EQ(got.log.head + got.log.tail, "headtail");
  EXPECT_EQ(got.log.omitted, 99U);
  ASSERT_EQ(got.outputs.size(), 1U);
  EXPECT_EQ(got.outputs[0].state, FileState::too_large);
  EXPECT_TRUE(got.outputs[0].executable);
  EXPECT_FALSE(got.outputs[0].fd);
}

TEST(Wire, LargeMessageGoesThroughAFile) {
  RunSpec sent = sample();
  sent.env.assign(20'000, std::string(100, 'e') + "=1");
  Encoder message(Kind::run);
  message(sent);
  ASSERT_GT(message.data().size(), 1'000'000U);
  Decoder in(pass(message));
  in.take<Kind>();
  auto got = in.take<RunSpec>();
  EXPECT_EQ(got.env, sent.env);
  EXPECT_EQ(read_all(got.standard_input.get(), 100, "input"), "input");
}

TEST(Wire, MessageThatIsCutAnywhereIsAnError) {
  RunSpec sent = sample();
  Encoder message(Kind::run);
  message(sent);
  for (std::size_t size = 0; size < message.data().size(); ++size) {
    Message cut;
    cut.data = message.data().substr(0, size);
    for (int fd : message.fds()) cut.fds.emplace_back(::dup(fd));
    EXPECT_THROW(
        {
          Decoder in(std::move(cut));
          in.take<Kind>();
          in.take<RunSpec>();
        },
        Error)
        << size;
  }
}

TEST(Wire, MessageWithoutItsDescriptorsIsAnError) {
  RunSpec sent = sample();
  Encoder message(Kind::run);
  message(sent);
  Message bare;
  bare.data = message.data();
  Decoder in(std::move(bare));
  in.take<Kind>();
  EXPECT_THROW(in.take<RunSpec>(), Error);
}

TEST(Wire, WhoMayOpenNoMoreIsTold) {
  const RunSpec sent = sample();
  Encoder message(Kind::run);
  message(std::uint64_t{7}, sent);
  auto [left, right] = make_socket_pair(SOCK_SEQPACKET);
  ASSERT_TRUE(send_message(left.get(), message.data(), message.fds(), 0));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  Message out;
  const Received received = receive_message(right.get(), out, MSG_DONTWAIT);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_EQ(received, Received::message);
  EXPECT_TRUE(out.is_cut);
  Decoder in(std::move(out));
  EXPECT_EQ(in.take<Kind>(), Kind::run);
  EXPECT_EQ(in.take<std::uint64_t>(), 7U);
  EXPECT_THROW(in.take<RunSpec>(), Error);
}

TEST(Wire, EndOfPeerIsSeen) {
  auto [left, right] = make_socket_pair(SOCK_SEQPACKET);
  Message out;
  EXPECT_EQ(receive_message(right.get(), out, MSG_DONTWAIT), Received::nothing);
  left.reset();
  EXPECT_EQ(receive_message(right.get(), out, MSG_DONTWAIT), Received::closed);
  EXPECT_THROW(send_message(right.get(), "x", {}, 0), SysError);
}

}  // namespace
}  // namespace ejf::jail
