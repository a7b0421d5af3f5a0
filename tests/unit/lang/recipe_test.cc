// SPDX-License-Identifier: Apache-2.0
#include "lang/recipe.h"

#include <gtest/gtest.h>

#include <string>

#include "base/files.h"
#include "base/temp_dir.h"

namespace ejf::lang {
namespace {

TEST(Recipe, KeepsWhatTheConfigurationSaysOfALanguage) {
  TempDir scripts(testing::TempDir(), "recipe-test.");
  write_file_at(scripts.fd(), "g++", "#!/bin/sh\n", 0755);
  config::Site site;
  site.script_dir.value = scripts.path();
  config::Diagnostics diagnostics;
  const config::CompileCfg cfg = config::parse_compile_cfg(
      "[language]\nid = 3\nshort_name = \"g++\"\nlong_name = \"GNU C++\"\nmulti_header_suffix = \"cxx\"\n"
      "arch = \"linux\"\nkey = \"k\"\nversion = \"12.2.0\"\nsrc_sfx = \".cpp\"\nexe_sfx = \".exe\"\ncmd = \"g++\"\n"
      "enable_custom\n",
      "compile.cfg", {}, diagnostics);
  const RecipeBook book(cfg, site, {}, diagnostics);
  const Recipe* recipe = book.find(3);
  ASSERT_NE(recipe, nullptr);
  EXPECT_EQ(recipe->unavailable, "");
  EXPECT_EQ(recipe->short_name, "g++");
  EXPECT_EQ(recipe->long_name, "GNU C++");
  EXPECT_EQ(recipe->multi_header_suffix, "cxx");
  EXPECT_EQ(recipe->arch, "linux");
  EXPECT_EQ(recipe->key, "k");
  EXPECT_EQ(recipe->version, "12.2.0");
  EXPECT_EQ(recipe->src_sfx, ".cpp");
  EXPECT_EQ(recipe->exe_sfx, ".exe");
  EXPECT_EQ(recipe->command, scripts.path() + "/g++");
  EXPECT_TRUE(recipe->enable_custom);
  EXPECT_FALSE(recipe->network);
  EXPECT_EQ(book.find("g++"), recipe);
  EXPECT_EQ(book.available(), 1U);
}

}  // namespace
}  // namespace ejf::lang
