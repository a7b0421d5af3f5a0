# SPDX-License-Identifier: Apache-2.0
unit_tests += tests/unit/tools_test
tests_unit_tools_test_SOURCES = \
	tests/unit/tools/lang_report_test.cc
tests_unit_tools_test_LDADD = libtools.a libserver.a $(room_libs) $(GTEST_LIBS)
