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
  EXPECT_THROW(parse({"--agent", "ssh:host"}), UsageError);
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
  for (const char* option : {"--instance-id", "-hi", "--ip", "-hc", "-rc", "-k", "--lang-id-map", "--local-cache"}) {
    EXPECT_THROW(parse({option}), UsageError) << option;
    EXPECT_THROW(parse({option, ""}), UsageError) << option;
  }
}

TEST(Options, TakeWhatIsForHeartbeatsAndLanguages) {
  const Options options = parse({"--instance-id", "i-compile", "-hi", "i", "--ip", "10.0.0.7", "-hc", "halt", "-rc",
                                 "reboot", "--lang-id-map", "map", "--local-cache=/cache", "-k", "key"});
  EXPECT_EQ(options.instance_id, "i-compile");
  EXPECT_EQ(options.heartbeat_instance, "i");
  EXPECT_EQ(options.ip_address, "10.0.0.7");
  EXPECT_EQ(options.halt_command, "halt");
  EXPECT_EQ(options.reboot_command, "reboot");
  EXPECT_EQ(options.lang_id_map, "map");
  EXPECT_EQ(options.local_cache, "/cache");
  EXPECT_EQ(options.language_key, "key");
}

TEST(Options, LetTheLastWordOnHeartbeatsCount) {
  EXPECT_TRUE(parse({}).heartbeats);
  EXPECT_FALSE(parse({"-nhb"}).heartbeats);
  EXPECT_FALSE(parse({"-hb", "-nhb"}).heartbeats);
  EXPECT_TRUE(parse({"-nhb", "-hb"}).heartbeats);
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

TEST(RestartArguments, KeepEveryOptionTogetherWithItsValue) {
  const std::vector<std::string> words = {
      "--instance-id", "a", "-hi",           "b", "--ip", "c",  "-hc", "d",    "-rc", "e", "-k",   "f",
      "--lang-id-map", "g", "--local-cache", "h", "-nhb", "-p", "-v",  "-nst", "-y",  "1", "-DX=1"};
  EXPECT_EQ(restart_arguments(parse(words)), words);
}

TEST(RestartArguments, DoNotTurnAForegroundServerIntoOneWithALogFile) {
  EXPECT_EQ(restart_arguments(parse({"--no-jail", "c.cfg"})), (std::vector<std::string>{"--no-jail", "c.cfg"}));
  EXPECT_EQ(restart_arguments(parse({"-S", "c.cfg"})), (std::vector<std::string>{"-S", "c.cfg"}));
}

}  // namespace
}  // namespace ejf::server
