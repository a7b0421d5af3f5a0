// SPDX-License-Identifier: Apache-2.0
#include "jail/log_keeper.h"

#include <gtest/gtest.h>

#include <string>

namespace ejf::jail {
namespace {

std::string numbered(std::size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) text += std::to_string(i) + "\n";
  return text.substr(0, size);
}

TEST(LogKeeper, KeepsAllThatFits) {
  for (std::size_t size : {0U, 1U, 50U, 99U, 100U}) {
    LogKeeper keeper(100);
    std::string text = numbered(size);
    keeper.add(text);
    Log log = keeper.take();
    EXPECT_EQ(log.head, text);
    EXPECT_EQ(log.tail, "");
    EXPECT_EQ(log.omitted, 0U);
  }
}

TEST(LogKeeper, KeepsHeadAndTailHoweverItIsCut) {
  std::string text = numbered(1237);
  for (std::size_t piece : {1U, 3U, 49U, 50U, 51U, 100U, 5000U}) {
    LogKeeper keeper(100);
    for (std::size_t at = 0; at < text.size(); at += piece) keeper.add(std::string_view(text).substr(at, piece));
    EXPECT_EQ(keeper.total(), text.size());
    Log log = keeper.take();
    EXPECT_EQ(log.head, text.substr(0, 50)) << piece;
    EXPECT_EQ(log.tail, text.substr(text.size() - 50)) << piece;
    EXPECT_EQ(log.omitted, text.size() - 100);
  }
}

TEST(LogKeeper, KeepsNothingWhenNothingIsAllowed) {
  LogKeeper keeper(0);
  keeper.add("abc");
  Log log = keeper.take();
  EXPECT_EQ(log.head + log.tail, "");
  EXPECT_EQ(log.omitted, 3U);
}

}  // namespace
}  // namespace ejf::jail
