# SPDX-License-Identifier: Apache-2.0
unit_tests += tests/unit/config_test
tests_unit_config_test_SOURCES = \
	tests/unit/config/compile_cfg_test.cc \
	tests/unit/config/shell_cfg_test.cc
tests_unit_config_test_CPPFLAGS = $(AM_CPPFLAGS) -DEJF_TEST_DATA='"$(abs_top_srcdir)/tests/data/config"'
tests_unit_config_test_LDADD = $(config_libs) $(GTEST_LIBS)
EXTRA_DIST += tests/data/config
