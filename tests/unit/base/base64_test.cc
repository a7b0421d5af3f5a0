// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

#include <gtest/gtest.h>

namespace ejf {
namespace {

TEST(Base64, DecodesTheSamplesOfItsStandard) {
  const std::pair<const char*, const char*> k_samples[] = {{"", ""},
                                                           {"Zg==", "f"},
                                                           {"Zm8=", "fo"},
                                                           {"Zm9v", "foo"},
                                                           {"Zm9vYg==", "foob"},
                                                           {"Zm9vYmE=", "fooba"},
                                                           {"Zm9vYmFy", "foobar"},
                                                           {"+/+/", "\xfb\xff\xbf"}};
  for (const auto& [text, expected] : k_samples) EXPECT_EQ(decode_base64(text), expected) << text;
}

TEST(Base64, KeepsEveryByte) {
  const auto decoded = decode_base64("AAECgP8=");
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded, std::string("\0\1\2\x80\xff", 5));
}

TEST(Base64, IgnoresWhiteSpaceAnywhere) {
  EXPECT_EQ(decode_base64("\r\n Z m9\tvYg\n=\n=\n"), "foob");
}

TEST(Base64, RefusesWhatIsCut) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zm9", "Zm9vY", "Zm9vYg="}) {
    ASSERT_FALSE(decode_base64(text)) << text;
    EXPECT_EQ(decode_base64(text).error(), Base64Error::cut) << text;
  }
}

TEST(Base64, RefusesOtherCharacters) {
  for (const char* text : {"Zm9-", "Zm_v", "Zm9v-----END", "=", "Z===", "Zg==Zg==", "Zm8=Z", "Zg=v", "Zg===", "\x80"}) {
    ASSERT_FALSE(decode_base64(text)) << text;
    EXPECT_EQ(decode_base64(text).error(), Base64Error::bad_character) << text;
  }
}

}  // namespace
}  // namespace ejf
