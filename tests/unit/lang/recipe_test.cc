// SPDX-License-Identifier: Apache-2.0
#include "lang/recipe.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "base/build_info.h"
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

std::vector<std::string> shown_for(const std::string& value) {
  TempDir lang_d(testing::TempDir(), "recipe-test.");
  write_file_at(lang_d.fd(), "x.cfg", "XRUN=\"" + value + "\"\n", 0644);
  config::Site site;
  site.lang_config_dir.value = lang_d.path();
  std::vector<std::string> paths = visible_paths(site);
  std::erase(paths, lang_d.path());
  std::erase(paths, std::string{build_info::lang_dir()});
  std::erase(paths, std::string{});
  return paths;
}

TEST(VisiblePaths, HoldTheInstallationAndTheNameThatLeadsThere) {
  TempDir home(testing::TempDir(), "recipe-test.");
  std::string at = home.path();
  if (at.find("//") != std::string::npos) at.erase(at.find("//"), 1);  // gtest's directory ends with a slash
  for (const char* name : {"/tool-1.2/bin", "/links/bin"}) make_directories(at + name, 0755);
  write_file_at(open_directory(at + "/tool-1.2/bin").get(), "tool", "", 0755);
  ASSERT_EQ(::symlink("tool-1.2", (at + "/tool").c_str()), 0);
  ASSERT_EQ(::symlink("../../tool-1.2/bin/tool", (at + "/links/bin/tool").c_str()), 0);
  ASSERT_EQ(::symlink("/bin/sh", (at + "/links/bin/sh").c_str()), 0);
  using Paths = std::vector<std::string>;
  EXPECT_EQ(shown_for(at + "/tool-1.2/bin/tool"), Paths{at + "/tool-1.2"});
  EXPECT_EQ(shown_for(at + "/tool/bin/tool"), (Paths{at + "/tool", at + "/tool-1.2"}));
  // What else lies beside the directory of a link is not the compiler's.
  EXPECT_EQ(shown_for(at + "/links/bin/tool"), (Paths{at + "/links/bin", at + "/tool-1.2"}));
  EXPECT_EQ(shown_for(at + "/links/bin/sh"), Paths{at + "/links/bin"});
  ASSERT_EQ(::symlink("../../tool/bin/tool", (at + "/links/bin/chain").c_str()), 0);
  EXPECT_EQ(shown_for(at + "/links/bin/chain"), (Paths{at + "/links/bin", at + "/tool", at + "/tool-1.2"}));
  ASSERT_EQ(::symlink("loop", (at + "/loop").c_str()), 0);
  EXPECT_EQ(shown_for(at + "/loop"), Paths{});
  EXPECT_EQ(shown_for("/usr/bin/env"), Paths{});
  EXPECT_EQ(shown_for(at + "/none/bin/tool"), Paths{});
}

}  // namespace
}  // namespace ejf::lang
