# SPDX-License-Identifier: Apache-2.0
unit_tests += tests/unit/tools_test
tests_unit_tools_test_SOURCES = \
	src/tools/lang_check.cc src/tools/lang_check.h \
	src/tools/lang_report.cc src/tools/lang_report.h \
	src/tools/printable.cc src/tools/printable.h \
	src/tools/result_view.cc src/tools/result_view.h \
	tests/unit/tools/lang_report_test.cc
tests_unit_tools_test_LDADD = libserver.a $(room_libs) $(GTEST_LIBS)
