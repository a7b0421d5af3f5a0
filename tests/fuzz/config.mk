# SPDX-License-Identifier: Apache-2.0
# The fuzzers of the configuration readers; included by tests/fuzz/module.mk.
check_PROGRAMS += tests/fuzz/replay_compile_cfg tests/fuzz/replay_ejudge_xml tests/fuzz/replay_settings \
	tests/fuzz/replay_shell_cfg tests/fuzz/replay_test_info
tests_fuzz_replay_compile_cfg_LDADD = $(config_libs)
tests_fuzz_replay_compile_cfg_SOURCES = tests/fuzz/fuzz_compile_cfg.cc tests/fuzz/replay.cc tests/fuzz/fuzz.h
tests_fuzz_replay_ejudge_xml_LDADD = $(config_libs)
tests_fuzz_replay_ejudge_xml_SOURCES = tests/fuzz/fuzz_ejudge_xml.cc tests/fuzz/replay.cc tests/fuzz/fuzz.h
tests_fuzz_replay_settings_LDADD = $(config_libs)
tests_fuzz_replay_settings_SOURCES = tests/fuzz/fuzz_settings.cc tests/fuzz/replay.cc tests/fuzz/fuzz.h
tests_fuzz_replay_shell_cfg_LDADD = $(config_libs)
tests_fuzz_replay_shell_cfg_SOURCES = tests/fuzz/fuzz_shell_cfg.cc tests/fuzz/replay.cc tests/fuzz/fuzz.h
tests_fuzz_replay_test_info_LDADD = $(config_libs)
tests_fuzz_replay_test_info_SOURCES = tests/fuzz/fuzz_test_info.cc tests/fuzz/replay.cc tests/fuzz/fuzz.h
