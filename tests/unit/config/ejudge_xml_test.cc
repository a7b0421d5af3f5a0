// SPDX-License-Identifier: Apache-2.0
#include "config/ejudge_xml.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "base/temp_dir.h"

namespace ejf::config {
namespace {

std::string error_of(std::string_view text) {
  try {
    parse_ejudge_xml(text, "e.xml");
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(EjudgeXml, ReadsWhatItNeedsAndPassesOverTheRest) {
  const EjudgeXml xml = parse_ejudge_xml(
      "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n<!-- x -->\n<config enable_compile_container = \"yes\" l10n='1'>\n"
      "  <userdb_file>/a</userdb_file>\n  <contests_home_dir> /home/judges </contests_home_dir>\n"
      "  <compile_home_dir>/srv/compile</compile_home_dir>\n  <frobnicate><host "
      "name='*'/>&lt;</frobnicate>\n</config>\n",
      "e.xml");
  EXPECT_EQ(xml.contests_home_dir, "/home/judges");
  EXPECT_EQ(xml.compile_home_dir, "/srv/compile");
  EXPECT_TRUE(xml.has_compile_home_dir);
  EXPECT_TRUE(xml.enable_compile_container);
  EXPECT_TRUE(xml.hosts.empty());
}

TEST(EjudgeXml, PutsTheCompileHomeBelowTheContests) {
  const EjudgeXml xml = parse_ejudge_xml("<config><contests_home_dir>/c</contests_home_dir></config>", "e.xml");
  EXPECT_EQ(xml.compile_home_dir, "/c/compile");
  EXPECT_FALSE(xml.has_compile_home_dir);
  EXPECT_FALSE(xml.enable_compile_container);
  EXPECT_EQ(parse_ejudge_xml("<config/>", "e.xml").compile_home_dir, "");
}

TEST(EjudgeXml, ConvertsTheDeclaredCharset) {
  // "Си" in KOI8-R, CP1251, ISO-8859-5 and UTF-8
  for (const auto& [charset, bytes] : std::vector<std::pair<std::string, std::string>>{
           {"koi8-r", "\xf3\xc9"}, {"windows-1251", "\xd1\xe8"}, {"ISO-8859-5", "\xc1\xd8"}, {"UTF-8", "Си"}}) {
    const EjudgeXml xml =
        parse_ejudge_xml("<?xml version=\"1.0\" encoding='" + charset + "'?>\n<config><contests_home_dir>/" + bytes +
                             "</contests_home_dir></config>",
                         "e.xml");
    EXPECT_EQ(xml.contests_home_dir, "/Си") << charset;
  }
}

TEST(EjudgeXml, TellsUtf16ByItsFirstBytes) {
  std::string text = "\xff\xfe";
  for (char c : std::string("<config><contests_home_dir>/x</contests_home_dir></config>")) text += {c, '\0'};
  EXPECT_EQ(parse_ejudge_xml(text, "e.xml").contests_home_dir, "/x");
  EXPECT_EQ(parse_ejudge_xml("\xef\xbb\xbf<config><contests_home_dir>/y</contests_home_dir></config>", "e.xml")
                .contests_home_dir,
            "/y");
}

TEST(EjudgeXml, NamesTheLineOfWhatIsWrong) {
  EXPECT_EQ(error_of("<config>\n<a>\n</b>\n</config>"), "e.xml:3: Start-end tags mismatch");
  EXPECT_EQ(error_of("<contest/>"), "e.xml: not an ejudge.xml: its root is <contest>, not <config>");
  EXPECT_EQ(error_of("\n<config enable_compile_container='maybe'/>"),
            "e.xml:2: 'enable_compile_container': 'maybe' is not yes or no");
  EXPECT_EQ(error_of("<?xml version='1.0' encoding='klingon'?><config/>"), "e.xml: unknown character set 'klingon'");
  EXPECT_EQ(error_of(""), "e.xml:1: No document element found");
}

TEST(EjudgeXml, TakesTheFirstMatchingHostThatHasTheOption) {
  const EjudgeXml xml = parse_ejudge_xml(
      "<config><hosts_options>\n<host name='a'><option name='other' value='9'/></host>\n"
      "<host name='b'><option name='compile_parallelism' value='3 '/></host>\n"
      "<host name='*'><option name='compile_parallelism' value=''/></host>\n"
      "<host name='c'><option name='compile_parallelism' value='5'/></host></hosts_options></config>",
      "e.xml");
  EXPECT_EQ(xml.compile_parallelism({"b", "10.0.0.1"}), 3);
  EXPECT_EQ(xml.compile_parallelism({"10.0.0.1", "b"}), 3);
  EXPECT_EQ(xml.compile_parallelism({"a"}), 1);
  EXPECT_EQ(xml.compile_parallelism({"c"}), 1);  // '*' stands before it
  EXPECT_EQ(xml.compile_parallelism({}), 1);
  EXPECT_EQ(parse_ejudge_xml("<config/>", "e.xml").compile_parallelism({"a"}), 1);
}

TEST(EjudgeXml, RefusesAWrongParallelism) {
  const auto value = [](const std::string& text) {
    return parse_ejudge_xml("<config>\n<hosts_options>\n<host name='*'><option name='compile_parallelism' value='" +
                                text + "'/></host></hosts_options></config>",
                            "e.xml")
        .compile_parallelism({"h"});
  };
  EXPECT_EQ(value("0"), 0);
  EXPECT_EQ(value("128"), 128);
  for (const char* bad : {"129", "-1", "many", "4 x", "0x4"}) EXPECT_THROW(value(bad), ConfigError) << bad;
  try {
    value("many");
  } catch (const ConfigError& error) {
    EXPECT_STREQ(error.what(), "e.xml:3: 'compile_parallelism' of host '*': 'many' is not a number in 0..128");
  }
}

TEST(EjudgeXml, ReadsAFile) {
  TempDir dir("/tmp", "ejf-config-");
  EXPECT_THROW(load_ejudge_xml(dir.path() + "/e.xml"), SysError);
  write_file_at(dir.fd(), "e.xml", "<config><compile_home_dir>/c</compile_home_dir></config>", 0600);
  EXPECT_EQ(load_ejudge_xml(dir.path() + "/e.xml").compile_home_dir, "/c");
}

}  // namespace
}  // namespace ejf::config
