# SPDX-License-Identifier: Apache-2.0
# The fuzzers of what an administrator writes; included by tests/fuzz/module.mk.
check_PROGRAMS += tests/fuzz/replay_compile_cfg tests/fuzz/replay_ejudge_xml tests/fuzz/replay_settings \
	tests/fuzz/replay_shell_cfg tests/fuzz/replay_test_info tests/fuzz/replay_lang_id_map \
	tests/fuzz/replay_cfg_condition tests/fuzz/replay_lang_ids tests/fuzz/replay_variants
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
tests_fuzz_replay_lang_id_map_LDADD = $(config_libs)
tests_fuzz_replay_lang_id_map_SOURCES = tests/fuzz/fuzz_lang_id_map.cc tests/fuzz/replay.cc tests/fuzz/fuzz.h
tests_fuzz_replay_cfg_condition_LDADD = $(config_libs)
tests_fuzz_replay_cfg_condition_SOURCES = tests/fuzz/fuzz_cfg_condition.cc tests/fuzz/replay.cc tests/fuzz/fuzz.h
tests_fuzz_replay_lang_ids_LDADD = liblang.a $(config_libs)
tests_fuzz_replay_lang_ids_SOURCES = tests/fuzz/fuzz_lang_ids.cc tests/fuzz/replay.cc tests/fuzz/fuzz.h
tests_fuzz_replay_variants_LDADD = liblang.a $(config_libs)
tests_fuzz_replay_variants_SOURCES = tests/fuzz/fuzz_variants.cc tests/fuzz/replay.cc tests/fuzz/fuzz.h
