// SPDX-License-Identifier: Apache-2.0
#include "server/options.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace ejf::server {
namespace {

Options parse(std::vector<std::string> words) {
  words.insert(words.begin(), "ej-compile");
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  return parse_options(static_cast<int>(argv.size()), argv.data());
}

TEST(Options, TakeTheArgumentsOfEjudgesControlProgram) {
  // The order of protocol.md §4.6, start, step 4.
  const Options options =
      parse({"-p", "-l", "5", "-e", "6", "-I", "queue1", "-v", "-y", "1", "-S", "conf/compile.cfg"});
  EXPECT_EQ(options.xml_fd, 5);
  EXPECT_EQ(options.banner_fd, 6);
  EXPECT_EQ(options.queue_id, "queue1");
  EXPECT_EQ(options.serial, 1U);
  EXPECT_TRUE(options.is_slave);
  EXPECT_TRUE(options.is_verbose);
  EXPECT_EQ(options.site.compile_cfg, "conf/compile.cfg");
}

TEST(Options, TakeValuesOfLongOptionsEitherWay) {
  EXPECT_EQ(parse({"--spool-dir=/a"}).site.spool_dir, "/a");
  EXPECT_EQ(parse({"--spool-dir", "/a"}).site.spool_dir, "/a");
  EXPECT_EQ(parse({"--spool-dir="}).site.spool_dir, "");
  EXPECT_FALSE(parse({}).site.spool_dir);
}

TEST(Options, RefuseWhatIsNotThereInsteadOfIgnoringIt) {
  for (const char* option :
       {"--agent", "--instance-id", "-hi", "--ip", "-hb", "-hc", "-rc", "-k", "--lang-id-map", "--local-cache"}) {
    EXPECT_THROW(parse({option, "value"}), UsageError) << option;
  }
}

TEST(Options, RefuseBadUsage) {
  EXPECT_THROW(parse({"--nonsense"}), UsageError);
  EXPECT_THROW(parse({"-x"}), UsageError);
  EXPECT_THROW(parse({"-l", "x"}), UsageError);
  EXPECT_THROW(parse({"-y", "-1"}), UsageError);
  EXPECT_THROW(parse({"--slots", "0"}), UsageError);
  EXPECT_THROW(parse({"--slots", "129"}), UsageError);
  EXPECT_THROW(parse({"a.cfg", "b.cfg"}), UsageError);
  EXPECT_THROW(parse({"-S", "--slots", "2"}), UsageError);
}

TEST(Options, TellDefinesFromTheDaemonOption) {
  const Options options = parse({"-D", "-DVAR=1"});
  EXPECT_TRUE(options.is_daemon);
  EXPECT_EQ(options.defines, std::vector<std::string>{"VAR=1"});
}

TEST(RestartArguments, KeepWhatDescribesTheServerAndDropWhatBelongsToItsStart) {
  const Options options = parse({"-D", "-u", "ejcompile", "-x", "e.xml", "-I", "q", "--slots=2", "-e", "7", "c.cfg"});
  EXPECT_EQ(restart_arguments(options),
            (std::vector<std::string>{"-R", "-x", "e.xml", "-I", "q", "--slots=2", "c.cfg"}));
}

TEST(RestartArguments, DoNotTurnAForegroundServerIntoOneWithALogFile) {
  EXPECT_EQ(restart_arguments(parse({"--no-jail", "c.cfg"})), (std::vector<std::string>{"--no-jail", "c.cfg"}));
  EXPECT_EQ(restart_arguments(parse({"-S", "c.cfg"})), (std::vector<std::string>{"-S", "c.cfg"}));
}

}  // namespace
}  // namespace ejf::server
