// SPDX-License-Identifier: Apache-2.0
#include "lang/language_filter.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/temp_dir.h"

namespace ejf::lang {
namespace {

class LanguageFilter : public ::testing::Test {
 protected:
  LanguageFilter() {
    make_directory_at(temp_.fd(), "lang.d", 0755);
    add("gcc", "a");
    add("g++", "a");
    add("fpc", "b");
    add("perl", "");
  }

  void add(const std::string& name, const std::string& key) {
    config::Language language;
    language.id = static_cast<int>(cfg_.languages.size()) + 1;
    language.short_name = name;
    language.key = key;
    cfg_.languages.push_back(language);
  }

  void put(const std::string& name, const std::string& text) {
    write_file_at(open_directory_at(temp_.fd(), "lang.d").get(), name, text, 0644);
  }

  std::string filter(const std::string& key, const config::SitePath& directory) {
    keep_languages_with_key(cfg_, key, directory, diagnostics_);
    std::string names;
    for (const auto& language : cfg_.languages) names += language.short_name + " ";
    return names;
  }

  config::SitePath lang_d() { return {temp_.path() + "/lang.d", "option"}; }

  TempDir temp_{"/tmp", "ejf-test-"};
  config::CompileCfg cfg_;
  config::Diagnostics diagnostics_;
};

TEST_F(LanguageFilter, KeepsThoseWithTheKeyAndAVersion) {
  put("gcc.cfg", "version=12\n");
  put("plus.cfg", "short_name=\"g++\"\nversion=\"12.2\"\n");
  put("fpc.cfg", "version=3\n");
  EXPECT_EQ(filter("a", lang_d()), "gcc g++ ");
  EXPECT_TRUE(diagnostics_.all().empty());
}

TEST_F(LanguageFilter, DropsThoseThatLangDSwitchesOff) {
  put("gcc.cfg", "version=\n");
  put("g++.cfg", "version=12\n");
  put("fpc.txt", "version=3\n");
  EXPECT_EQ(filter("a", lang_d()), "g++ ");
}

TEST_F(LanguageFilter, ComplainsWhenNoneIsLeft) {
  put("fpc.cfg", "version=3\n");
  EXPECT_EQ(filter("c", lang_d()), "");
  EXPECT_TRUE(diagnostics_.has_errors());
}

TEST_F(LanguageFilter, TellsOfAFileThatCannotBeUnderstood) {
  put("gcc.cfg", "version=12\n");
  put("g++.cfg", "if then\n");
  EXPECT_EQ(filter("a", lang_d()), "gcc ");
  EXPECT_FALSE(diagnostics_.has_errors());
  EXPECT_EQ(diagnostics_.all().size(), 1U);
}

TEST_F(LanguageFilter, NeedsTheDirectoryUnlessItIsOnlyTheDefault) {
  EXPECT_EQ(filter("a", {temp_.path() + "/none", "built-in"}), "gcc g++ ");
  EXPECT_TRUE(diagnostics_.all().empty());
  EXPECT_EQ(filter("a", {temp_.path() + "/none", "option"}), "");
  EXPECT_TRUE(diagnostics_.has_errors());
}

}  // namespace
}  // namespace ejf::lang
