// SPDX-License-Identifier: Apache-2.0
#include "config/site.h"

#include <gtest/gtest.h>

#include "base/build_info.h"
#include "base/error.h"
#include "base/files.h"
#include "base/temp_dir.h"

namespace ejf::config {
namespace {

Settings settings_from(std::string_view text) {
  Diagnostics diagnostics;
  Settings settings = parse_settings(text, "/s/ejforge.ini", diagnostics);
  EXPECT_FALSE(diagnostics.has_errors());
  return settings;
}

TEST(Site, FallsBackToWhatWasBuiltIn) {
  const Site site = resolve_site({}, nullptr, nullptr);
  EXPECT_EQ(site.contests_home_dir.value, build_info::contests_home_dir());
  EXPECT_EQ(site.contests_home_dir.origin, "built-in");
  EXPECT_EQ(site.compile_home_dir.value, std::string(build_info::contests_home_dir()) + "/compile");
  EXPECT_EQ(site.spool_dir.value, build_info::compile_spool_dir());
  EXPECT_EQ(site.local_dir.value, build_info::local_dir());
  EXPECT_EQ(site.lang_config_dir.value, build_info::lang_config_dir());
  EXPECT_EQ(site.script_dir.value, site.compile_home_dir.value + "/scripts");
  EXPECT_EQ(site.compile_cfg.value, site.compile_home_dir.value + "/conf/compile.cfg");
  EXPECT_EQ(site.primary_user.value, build_info::primary_user());
  EXPECT_EQ(site.compile_user.value, build_info::compile_user());
  EXPECT_EQ(site.ejudge_xml.value, "");
  EXPECT_EQ(site.settings.value, "");
}

TEST(Site, PrefersOptionsThenSettingsThenXml) {
  const EjudgeXml xml = parse_ejudge_xml(
      "<config><contests_home_dir>/x</contests_home_dir><compile_home_dir>/x/c/</compile_home_dir></config>", "/e.xml");
  const Settings settings = settings_from("[paths]\ncontests_home_dir=/s\nlocal_dir=/s/l\n[server]\ncompile_user=u\n");
  SiteOptions options;

  Site site = resolve_site(options, &xml, nullptr);
  EXPECT_EQ(site.contests_home_dir.value, "/x");
  EXPECT_EQ(site.contests_home_dir.origin, "/e.xml");
  EXPECT_EQ(site.compile_home_dir.value, "/x/c");
  EXPECT_EQ(site.script_dir.value, "/x/c/scripts");
  EXPECT_EQ(site.script_dir.origin, "/e.xml");
  EXPECT_EQ(site.lang_config_dir.value, "/x/c/conf/lang.d");

  site = resolve_site(options, &xml, &settings);
  EXPECT_EQ(site.contests_home_dir.value, "/s");
  EXPECT_EQ(site.contests_home_dir.origin, "/s/ejforge.ini:2");
  EXPECT_EQ(site.compile_home_dir.value, "/x/c");  // ejudge.xml says so, nothing says otherwise
  EXPECT_EQ(site.local_dir.value, "/s/l");
  EXPECT_EQ(site.compile_user.value, "u");

  options.contests_home_dir = "/o/";
  options.lang_config_dir = "/o/lang.d";
  site = resolve_site(options, nullptr, &settings);
  EXPECT_EQ(site.contests_home_dir.value, "/o");
  EXPECT_EQ(site.contests_home_dir.origin, "option");
  EXPECT_EQ(site.compile_home_dir.value, "/o/compile");
  EXPECT_EQ(site.lang_config_dir.value, "/o/lang.d");
}

TEST(Site, KnowsTheLegacyLayoutByAnEmptySpoolDirectory) {
  SiteOptions options;
  const Settings settings = settings_from("[paths]\nspool_dir =\n");
  EXPECT_EQ(resolve_site(options, nullptr, &settings).spool_dir.value, "");
  EXPECT_EQ(resolve_site(options, nullptr, &settings).spool_dir.origin, "/s/ejforge.ini:2");
  options.spool_dir = "/spool";
  EXPECT_EQ(resolve_site(options, nullptr, &settings).spool_dir.value, "/spool");
  options.spool_dir = "";
  EXPECT_EQ(resolve_site(options, nullptr, nullptr).spool_dir.origin, "option");
}

TEST(Site, FindsEjudgeXmlInOrder) {
  SiteOptions options;
  Settings settings = settings_from("[paths]\ncontests_home_dir=/s\n");
  EXPECT_EQ(find_ejudge_xml(options, &settings).value, "/s/data/ejudge.xml");
  settings = settings_from("[paths]\ncontests_home_dir=/s\nconf_dir=/s/conf\n");
  EXPECT_EQ(find_ejudge_xml(options, &settings).value, "/s/conf/ejudge.xml");
  options.contests_home_dir = "/o";
  EXPECT_EQ(find_ejudge_xml(options, &settings).value, "/o/data/ejudge.xml");
  options.conf_dir = "/o/conf";
  EXPECT_EQ(find_ejudge_xml(options, &settings).value, "/o/conf/ejudge.xml");
  options.ejudge_xml = "/o/my.xml";
  EXPECT_EQ(find_ejudge_xml(options, &settings).value, "/o/my.xml");
}

/// A contests' home with ejudge.xml and settings.
class LoadSite : public ::testing::Test {
 protected:
  LoadSite() {
    for (const char* name : {"data", "compile", "compile/conf"}) make_directory_at(home_.fd(), name, 0700);
    options_.contests_home_dir = home_.path();
  }
  void write(const std::string& name, const std::string& text) { write_file_at(home_.fd(), name, text, 0600); }

  TempDir home_{"/tmp", "ejf-config-"};
  SiteOptions options_;
  Diagnostics diagnostics_;
};

TEST_F(LoadSite, ReadsXmlAndTheSettingsInTheCompileHome) {
  write("data/ejudge.xml", "<config enable_compile_container='1'/>");
  write("compile/conf/ejforge.ini", "[paths]\nspool_dir = /my/spool\n[server]\nslots = 3\n");
  const LoadedSite loaded = load_site(options_, diagnostics_);
  EXPECT_TRUE(diagnostics_.all().empty());
  ASSERT_TRUE(loaded.xml);
  EXPECT_TRUE(loaded.xml->enable_compile_container);
  EXPECT_EQ(loaded.settings.slots, 3);
  EXPECT_EQ(loaded.site.ejudge_xml.value, home_.path() + "/data/ejudge.xml");
  EXPECT_EQ(loaded.site.settings.value, home_.path() + "/compile/conf/ejforge.ini");
  EXPECT_EQ(loaded.site.spool_dir.value, "/my/spool");
}

TEST_F(LoadSite, DoesWithoutEither) {
  const LoadedSite loaded = load_site(options_, diagnostics_);
  EXPECT_FALSE(loaded.xml);
  EXPECT_EQ(loaded.settings.file, "");
  EXPECT_EQ(loaded.site.compile_home_dir.value, home_.path() + "/compile");
  EXPECT_TRUE(diagnostics_.all().empty());
}

TEST_F(LoadSite, TakesXmlFromADescriptorsTextAndSettingsFromAnOption) {
  write("mine.ini", "[server]\nslots = 5\n");
  write("compile/conf/ejforge.ini", "[server]\nslots = 3\n");
  options_.settings = home_.path() + "/mine.ini";
  options_.ejudge_xml_text = "<config><compile_home_dir>/q</compile_home_dir></config>";
  const LoadedSite loaded = load_site(options_, diagnostics_);
  EXPECT_EQ(loaded.settings.slots, 5);
  EXPECT_EQ(loaded.site.compile_home_dir.value, "/q");
  EXPECT_EQ(loaded.site.settings.origin, "option");
}

TEST_F(LoadSite, InsistsOnWhatWasAskedFor) {
  options_.ejudge_xml = home_.path() + "/none.xml";
  EXPECT_THROW(load_site(options_, diagnostics_), SysError);
  options_.ejudge_xml.reset();
  options_.settings = home_.path() + "/none.ini";
  load_site(options_, diagnostics_);
  EXPECT_TRUE(diagnostics_.has_errors());
}

}  // namespace
}  // namespace ejf::config
