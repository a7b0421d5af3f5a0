# SPDX-License-Identifier: Apache-2.0
unit_tests += tests/unit/lang_test
tests_unit_lang_test_SOURCES = \
	tests/unit/lang/cfg_file_test.cc \
	tests/unit/lang/cfg_update_test.cc \
	tests/unit/lang/configurator_test.cc \
	tests/unit/lang/language_filter_test.cc \
	tests/unit/lang/language_ids_test.cc \
	tests/unit/lang/language_list_test.cc \
	tests/unit/lang/menu_test.cc \
	tests/unit/lang/own_language_test.cc \
	tests/unit/lang/probe_test.cc \
	tests/unit/lang/recipe_test.cc \
	tests/unit/lang/samples_test.cc \
	tests/unit/lang/script_runner_test.cc \
	tests/unit/lang/templates_test.cc \
	tests/unit/lang/variants_test.cc
tests_unit_lang_test_LDADD = liblang.a $(config_libs) $(GTEST_LIBS)
