// SPDX-License-Identifier: Apache-2.0
#include "lang/language_ids.h"

#include <gtest/gtest.h>

namespace ejf::lang {
namespace {

using Ids = std::map<std::string, int>;

TEST(LanguageIds, KeepsWhatCompileCfgSays) {
  LanguageIds ids;
  ids.add_existing("gcc", 200);
  ASSERT_TRUE(ids.add_registry({{"gcc", "2"}, {"g++", "3"}}));
  EXPECT_EQ(ids.assign({"g++", "gcc"}), (Ids{{"gcc", 200}, {"g++", 3}}));
}

TEST(LanguageIds, LetsTheEarlierRegistryWin) {
  LanguageIds ids;
  ASSERT_TRUE(ids.add_registry({{"foo", "100"}}));
  ASSERT_TRUE(ids.add_registry({{"foo", "5"}, {"bar", "6"}}));
  EXPECT_EQ(ids.assign({"bar", "foo"}), (Ids{{"foo", 100}, {"bar", 6}}));
}

TEST(LanguageIds, GivesAnUnknownLanguageTheFirstFreeNumberFrom90) {
  LanguageIds ids;
  ids.add_existing("mine", 90);
  ASSERT_TRUE(ids.add_registry({{"gcc", "2"}, {"absent", "91"}}));
  EXPECT_EQ(ids.assign({"aaa", "bbb", "gcc"}), (Ids{{"aaa", 92}, {"bbb", 93}, {"gcc", 2}}));
}

TEST(LanguageIds, GivesTheNumberToTheOneThatIsAvailable) {
  LanguageIds ids;
  ASSERT_TRUE(ids.add_registry({{"g77", "6"}, {"gfortran", "6"}}));
  EXPECT_EQ(ids.assign({"gfortran"}), (Ids{{"gfortran", 6}}));
  EXPECT_EQ(ids.assign({"g77", "gfortran"}), (Ids{{"g77", 6}, {"gfortran", 90}}));
}

TEST(LanguageIds, FallsThroughWhenCompileCfgHasTheNumber) {
  LanguageIds ids;
  ids.add_existing("g77", 6);
  ASSERT_TRUE(ids.add_registry({{"g77", "6"}, {"gfortran", "6"}}));
  EXPECT_EQ(ids.assign({"gfortran"}), (Ids{{"gfortran", 90}}));
}

TEST(LanguageIds, CountsTheNumberOfASecondSectionOfOneName) {
  LanguageIds ids;
  ids.add_existing("gcc", 2);
  ids.add_existing("gcc", 90);
  EXPECT_EQ(ids.assign({"gcc", "new"}), (Ids{{"gcc", 2}, {"new", 91}}));
}

TEST(LanguageIds, RefusesABadNumber) {
  for (const char* bad : {"0", "-1", "1000000", "x", "", "3 4"}) {
    LanguageIds ids;
    auto result = ids.add_registry({{"gcc", "2"}, {"foo", bad}, {"bar", "7"}});
    ASSERT_FALSE(result) << bad;
    EXPECT_NE(result.error().find("invalid language id"), std::string::npos);
    EXPECT_EQ(ids.assign({"bar"}), (Ids{{"bar", 90}}));
  }
  LanguageIds ids;
  EXPECT_TRUE(ids.is_empty());
  EXPECT_TRUE(ids.add_registry({{"foo", "999999"}}));
  EXPECT_FALSE(ids.is_empty());
}

}  // namespace
}  // namespace ejf::lang
