// SPDX-License-Identifier: Apache-2.0
#include "spool/survey.h"

#include <map>

#include "base/error.h"
#include "spool_fixture.h"

namespace ejf::spool {
namespace {

using SurveyTest = SpoolTest;

TEST_F(SurveyTest, ShowsWhatWaitsWhoClaimsAndWhatIsOdd) {
  submit("G1");
  submit("G2");
  ASSERT_TRUE(WIFSIGNALED(run_in_child([&] {
    RequestQueue dead(base);
    dead.note("G1");
    auto claim = dead.take();
    if (!claim || !claim->begin_delivery()) ::_exit(1);
    die_as_by_kill_9();
  })));
  RequestQueue living(base);
  living.note("G2");
  auto claim = living.take();
  RequestQueue elsewhere(base, "elsewhere");
  submit("G3");
  submit("G4");
  ASSERT_EQ(::mkdir((base + "/queue/dir/D").c_str(), 0700), 0);
  write_file_at(open_directory(base + "/queue/out").get(), "1_judge_G0", "x", 0644);

  QueueSurvey survey = survey_queue(base);
  EXPECT_EQ(survey.waiting, 2U);
  ASSERT_EQ(survey.odd.size(), 1U);
  EXPECT_EQ(survey.odd[0].reason, "a directory");
  EXPECT_EQ(survey.foreign, std::vector<std::string>{"1_judge_G0"});
  ASSERT_EQ(survey.claims.size(), 2U);
  EXPECT_EQ(survey.claims[0].name.packet, "G1");
  EXPECT_EQ(survey.claims[0].name.state, ClaimState::delivering);
  EXPECT_EQ(survey.claims[0].owner, Liveness::dead);
  EXPECT_EQ(survey.claims[1].name.packet, "G2");
  EXPECT_EQ(survey.claims[1].owner, Liveness::alive);
  EXPECT_LT(survey.claims[1].age, std::chrono::minutes{10});
}

TEST_F(SurveyTest, ThrowsWithoutAQueueAndMakesNone) {
  EXPECT_THROW(survey_queue(base), SysError);
  EXPECT_FALSE(exists(base));
}

}  // namespace
}  // namespace ejf::spool
