// SPDX-License-Identifier: Apache-2.0
#include "spool/claim_name.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace ejf::spool {
namespace {

const std::string k_instance = "judge-1.example,0123456789abcdef";

TEST(ClaimName, RoundTripsWithEveryPlainPacketName) {
  for (const std::string& packet :
       {std::string{"GDC0Q8L00ELHS1J3KU2P59FUHCJ43VSMUOT"}, std::string{"QUIT"}, std::string{"a,b,c,d,e"},
        std::string{"ejf,c,host,0123456789abcdef,x"}, std::string{"x y\xc3\xa4.why"}, std::string(167, 'x')}) {
    for (ClaimState state : {ClaimState::claimed, ClaimState::delivering, ClaimState::settled}) {
      ClaimName name{state, k_instance, packet};
      EXPECT_LE(name.text().size(), 255U);
      auto parsed = ClaimName::parse(name.text());
      ASSERT_TRUE(parsed) << name.text();
      EXPECT_EQ(parsed->state, state);
      EXPECT_EQ(parsed->instance, k_instance);
      EXPECT_EQ(parsed->packet, packet);
      EXPECT_EQ(parsed->host(), "judge-1.example");
    }
  }
}

TEST(ClaimName, CountsCrashesWhileItIsClaimed) {
  for (int crashes = 0; crashes <= k_most_crashes; ++crashes) {
    ClaimName name{ClaimState::claimed, k_instance, "P", crashes};
    const auto parsed = ClaimName::parse(name.text());
    ASSERT_TRUE(parsed) << name.text();
    EXPECT_EQ(parsed->state, ClaimState::claimed);
    EXPECT_EQ(parsed->crashes, crashes);
    name.state = ClaimState::delivering;
    EXPECT_EQ(name.text(), "ejf,d," + k_instance + ",P");
  }
}

TEST(ClaimName, FitsIntoAFileNameWithTheLongestHostAndPacket) {
  ClaimName name{ClaimState::claimed, make_instance(std::string(64, 'h')), std::string(k_max_packet_name, 'p')};
  EXPECT_EQ(name.text().size(), 255U);
  EXPECT_TRUE(ClaimName::parse(name.text()));
}

TEST(ClaimName, ParsesNothingElse) {
  const std::string good = ClaimName{ClaimState::claimed, k_instance, "P"}.text();
  ASSERT_TRUE(ClaimName::parse(good));
  // Every proper prefix lacks a part; a claim of an empty packet name is none.
  for (std::size_t n = 0; n < good.size(); ++n) EXPECT_FALSE(ClaimName::parse(good.substr(0, n))) << n;
  for (const char* bad : {
           "1234_judge_GDC0Q8L00ELHS1J3KU2P59FUHCJ43VSMUOT",
           "ejf,x,host,0123456789abcdef,P",
           "ejf,0,host,0123456789abcdef,P",
           "ejf,5,host,0123456789abcdef,P",
           "ejf,c,,0123456789abcdef,P",
           "ejf,c,ho/st,0123456789abcdef,P",
           "ejf,c,ho st,0123456789abcdef,P",
           "ejf,c,host,0123456789ABCDEF,P",
           "ejf,c,host,0123456789abcde,P",
           "ejf,c,host,0123456789abcdef0,P",
           "ejf,c,host,0123456789abcdef,.P",
           "ejf,c,host,0123456789abcdef,a/b",
           "ejf,c,host,0123456789abcdef,a\nb",
           "EJF,c,host,0123456789abcdef,P",
       }) {
    EXPECT_FALSE(ClaimName::parse(bad)) << bad;
  }
  EXPECT_FALSE(ClaimName::parse("ejf,c," + std::string(65, 'h') + ",0123456789abcdef,P"));
  EXPECT_FALSE(ClaimName::parse("ejf,c,h,0123456789abcdef," + std::string(168, 'p')));
}

TEST(InstanceFile, IsNoPacketAndRoundTrips) {
  const std::string file = instance_file_name(k_instance);
  EXPECT_FALSE(is_plain_name(file));
  EXPECT_EQ(parse_instance_file_name(file), k_instance);
  EXPECT_FALSE(parse_instance_file_name(file + "0"));
  EXPECT_FALSE(parse_instance_file_name(".instance-"));
  EXPECT_FALSE(parse_instance_file_name(".nfs0123"));
}

TEST(MakeInstance, NeverGivesTheSameTwice) {
  const std::string one = make_instance("h");
  const std::string other = make_instance("h");
  EXPECT_NE(one, other);
  EXPECT_EQ(boot_of_instance(one), boot_of_instance(other));
  EXPECT_EQ(boot_of_instance(one), this_boot());
  EXPECT_EQ(this_boot().size(), 8U);
  EXPECT_EQ(host_of_instance(make_instance(node_name())), node_name());
}

}  // namespace
}  // namespace ejf::spool
