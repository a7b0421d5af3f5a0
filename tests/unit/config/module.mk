# SPDX-License-Identifier: Apache-2.0
unit_tests += tests/unit/config_test
tests_unit_config_test_SOURCES = \
	tests/unit/config/cfg_document_test.cc \
	tests/unit/config/cfg_line_test.cc \
	tests/unit/config/cfg_reader_test.cc \
	tests/unit/config/compile_cfg_test.cc \
	tests/unit/config/ejudge_xml_test.cc \
	tests/unit/config/lang_id_map_test.cc \
	tests/unit/config/settings_test.cc \
	tests/unit/config/shell_cfg_test.cc \
	tests/unit/config/site_test.cc \
	tests/unit/config/test_info_test.cc
tests_unit_config_test_CPPFLAGS = $(AM_CPPFLAGS) -DEJF_TEST_DATA='"$(abs_top_srcdir)/tests/data/config"'
tests_unit_config_test_LDADD = $(config_libs) $(GTEST_LIBS)
EXTRA_DIST += tests/data/config
